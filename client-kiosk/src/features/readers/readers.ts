import type { KioskReaders, ReadFact } from '@openvtm/protocol';
import { shallowRef, type ShallowRef } from 'vue';
import { editInput, insert } from '../keyboard/index.ts';
import { createKeyboardReader } from './keyboard-reader.ts';
import { cardOf, viaOf, type CardKind, type CardReader } from './reader.ts';
import { createSimulatedReader } from './simulator.ts';
import { openWedge, type Wedge } from './wedge.ts';

/** The readers that this kiosk has and this page can drive. */
export interface Readers {
  /** Changes when the kiosk is told of other readers. */
  readonly all: ShallowRef<readonly CardReader[]>;
  /** The reader of the card that a fact stands on. */
  forFact(fact: ReadFact | undefined): CardReader | null;
  /** What the server says that this kiosk has; the same again changes nothing. */
  set(readers: KioskReaders, options: { demo: boolean }): void;
}

const KINDS: CardKind[] = ['id-card', 'bank-card'];

export function createReaders(): Readers {
  const all = shallowRef<readonly CardReader[]>([]);
  let wedge: Wedge | null = null;
  let known = '';

  function open(kind: CardKind, readers: KioskReaders, demo: boolean): CardReader | null {
    const via = viaOf(readers, kind);
    if (via === 'keyboard') {
      wedge ??= openWedge({ type: (input, text) => editInput(input, (edited) => insert(edited, text)) });
      return createKeyboardReader(kind, wedge);
    }
    return via === 'simulator' && demo ? createSimulatedReader(kind) : null;
  }

  return {
    all,
    forFact: (fact) => (fact && all.value.find(({ kind }) => kind === cardOf(fact))) ?? null,
    set(readers, { demo }) {
      const wish = JSON.stringify([readers.idCard, readers.bankCard, demo]);
      if (wish === known) return;
      known = wish;
      for (const reader of all.value) reader.close();
      wedge?.close();
      wedge = null;
      all.value = KINDS.map((kind) => open(kind, readers, demo)).filter((reader) => reader !== null);
    },
  };
}
