import { setTimeout as pause } from 'node:timers/promises';
import type { CaseId } from '@openvtm/protocol';
import { DEMO_KIOSKS } from '../../../server/src/flows/seed-demo.ts';
import { createHttp } from '../../integration/lab/http.ts';
import { enrolLabKiosk, type LabKiosk } from '../../integration/lab/kiosk.ts';
import { LOST_CARD, startCase } from '../../integration/lab/stories.ts';

const ENTRIES: [name: string, value: string][] = [
  ['fullName', '王小明'],
  ['idNumber', '11010519900307005X'],
  ['phone', '13900139001'],
  ['cardLast4', '3990'],
  ['howLost', 'lost'],
];
/** ms in which a phone fills all of them, is killed, and its case is taken over, each at a random moment. */
const SPAN_MS = 120;

export type HandOvers = { tookMs: number[]; acknowledged: number; lost: number };

/** Fills until the line is cut; the names of the values that the server has acknowledged, in the order it did. */
async function fillUntilKilled(phone: LabKiosk, caseId: CaseId): Promise<Set<string>> {
  const acknowledged = new Set<string>();
  for (const [name, value] of ENTRIES) {
    await pause((Math.random() * SPAN_MS) / ENTRIES.length);
    const answer = await phone.ask('case:fill', { caseId, name, value }).catch(() => null);
    if (answer === null) return acknowledged;
    if (answer.ok) acknowledged.add(name);
  }
  return acknowledged;
}

/**
 * Cases are filled in on a phone that dies at a random moment, and taken over at a kiosk at another: before, while or
 * after. What the phone was told is kept must be at the kiosk.
 */
export async function measureHandOvers(url: string, rounds: number): Promise<HandOvers> {
  const http = createHttp(url);
  const needs = { url, http, now: Date.now };
  const kiosk = await enrolLabKiosk({ ...needs, code: DEMO_KIOSKS[0]?.code ?? '' });
  const phone = await enrolLabKiosk({ ...needs, code: null });
  await kiosk.open();
  const result: HandOvers = { tookMs: [], acknowledged: 0, lost: 0 };
  for (let round = 0; round < rounds; round += 1) {
    await phone.open();
    const caseId = await startCase(phone, { service: LOST_CARD });
    const { code } = await phone.must('handover:offer', { caseId, purpose: 'continue' });
    const filling = fillUntilKilled(phone, caseId);
    const killing = pause(Math.random() * SPAN_MS).then(() => phone.socket.io.engine.close());
    await pause(Math.random() * SPAN_MS);
    const began = performance.now();
    await kiosk.must('handover:take', { code });
    await kiosk.until(({ case: one }) => one?.caseId === caseId);
    result.tookMs.push(performance.now() - began);
    const [acknowledged] = await Promise.all([filling, killing]);
    const shown = await kiosk.until(({ case: one }) => one?.caseId === caseId && one.values);
    const there = new Map(shown.map(({ name, value }) => [name, value]));
    result.acknowledged += acknowledged.size;
    result.lost += ENTRIES.filter(([name, value]) => acknowledged.has(name) && there.get(name) !== value).length;
    await kiosk.must('case:abandon', { caseId, reason: 'cancelled' });
    phone.leave();
  }
  kiosk.leave();
  return result;
}
