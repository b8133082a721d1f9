import type { KioskReaders, PrinterVia } from '@openvtm/protocol';
import { ProtocolError } from '../kernel/errors.ts';
import type { StaffCaller } from '../kernel/handler.ts';
import type { Works } from '../kernel/work.ts';
import type { Kiosks } from '../modules/kiosks/index.ts';
import type { Parts } from './parts.ts';

type NewKiosk = Parameters<Kiosks['add']>[1];

/** An administrator adds a kiosk, and says what it reads cards with and prints with. */
export function equipKiosk({ demo, kiosks }: Pick<Parts, 'demo' | 'kiosks'>, works: Works) {
  /** A simulated reader would fill real forms with invented people, a simulated printer print nothing. */
  const mustBeReal = (...devices: (string | undefined)[]) => {
    if (!demo && devices.includes('simulator'))
      throw new ProtocolError('bad-request', 'a simulator is for demonstrations only');
  };
  return {
    add(by: StaffCaller, wish: NewKiosk) {
      mustBeReal(wish.readers?.idCard, wish.readers?.bankCard, wish.printer);
      return works.change({ kind: 'staff', id: by.id }, (work) => kiosks.add(work, wish));
    },
    setReaders(by: StaffCaller, kioskId: string, readers: KioskReaders) {
      mustBeReal(readers.idCard, readers.bankCard);
      return works.change({ kind: 'staff', id: by.id }, (work) => kiosks.setReaders(work, kioskId, readers));
    },
    setPrinter(by: StaffCaller, kioskId: string, printer: PrinterVia) {
      mustBeReal(printer);
      return works.change({ kind: 'staff', id: by.id }, (work) => kiosks.setPrinter(work, kioskId, printer));
    },
  };
}
