import type { CaseId, NewKioskOut } from '@openvtm/protocol';
import type { z } from 'zod';
import { createHttp } from '../../integration/lab/http.ts';
import { enrolLabKiosk, type LabKiosk } from '../../integration/lab/kiosk.ts';
import { signInLabStaff } from '../../integration/lab/staff.ts';
import { LOST_CARD, startCase } from '../../integration/lab/stories.ts';

const LETTER_A = 65;
const LETTERS = 26;
const BRANCH = '00000000-0000-4000-8000-000000000001';

type Waiting = { kiosk: LabKiosk; caseId: CaseId; ticketId: string; position: number; name: string };

/** Customers who wait, as lines without a browser. */
export type Hall = {
  /** Every customer writes a name and has it acknowledged. */
  write(round: number): Promise<void>;
  /** Opens every line anew, and says what is not as it was. */
  check(): Promise<string[]>;
  close(): void;
};

/** `count` kiosks of their own, enrolled with one-time codes from the administrator, each with a ticket, in order. */
export async function fillHall(url: string, { count, password }: { count: number; password: string }): Promise<Hall> {
  const http = createHttp(url);
  const needs = { url, http, now: Date.now };
  const admin = await signInLabStaff({ ...needs, username: 'admin', password });
  const waiting: Waiting[] = [];
  for (let i = 0; i < count; i += 1) {
    const added = await http.json<z.infer<typeof NewKioskOut>>('POST', '/api/kiosks', {
      token: await admin.token(),
      body: { name: `Bench ${i + 1}`, branchId: BRANCH },
    });
    const kiosk = await enrolLabKiosk({ ...needs, code: added.code });
    await kiosk.open();
    const caseId = await startCase(kiosk, { service: LOST_CARD });
    const { ticketId } = await kiosk.must('queue:join', { caseId });
    const position = await kiosk.until(({ ticket }) => ticket?.position);
    waiting.push({ kiosk, caseId, ticketId, position, name: '' });
  }
  return {
    async write(round) {
      await Promise.all(
        waiting.map(async (one) => {
          // A name has no digits.
          const name = `Round ${String.fromCodePoint(LETTER_A + (round % LETTERS))}`;
          await one.kiosk.must('case:fill', { caseId: one.caseId, name: 'fullName', value: name });
          one.name = name;
        }),
      );
    },
    async check() {
      const wrongs: string[] = [];
      for (const one of waiting) {
        await one.kiosk.open();
        const { ticket, case: aCase } = one.kiosk.shown;
        if (ticket?.ticketId !== one.ticketId) wrongs.push(`ticket ${one.ticketId} is lost`);
        else if (ticket.position !== one.position)
          wrongs.push(`ticket ${one.ticketId} went from place ${one.position} to ${ticket.position}`);
        const kept = aCase?.values.find((value) => value.name === 'fullName')?.value;
        if (kept !== one.name) wrongs.push(`"${one.name}" was acknowledged and is now "${kept}"`);
      }
      return wrongs;
    },
    close() {
      for (const { kiosk } of waiting) kiosk.leave();
    },
  };
}
