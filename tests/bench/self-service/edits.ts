import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';
import { DEMO_KIOSKS, DEMO_PASSWORD } from '../../../server/src/flows/seed-demo.ts';
import { createHttp } from '../../integration/lab/http.ts';
import { enrolLabKiosk } from '../../integration/lab/kiosk.ts';
import { signInLabStaff } from '../../integration/lab/staff.ts';
import { finishCall, LOST_CARD, startCall } from '../../integration/lab/stories.ts';

/** A name has no digits. */
const nameOf = (family: string, i: number) =>
  family + String(i).replace(/\d/g, (digit) => '零一二三四五六七八九'[Number(digit)] ?? '');

/** ms between two keys of somebody who types; drafts that come faster are put together. */
const KEY_MS = 110;
/** ms between two edits: a line may ask fifty things a second, and nobody edits faster. */
const EDIT_MS = 30;

/**
 * From an edit to its being on the other screen (ms): the customer's at the desk, the agent's at the kiosk, and what the
 * customer types and has not saved.
 */
export async function measureEdits(
  url: string,
  edits: number,
): Promise<{ toDesk: number[]; toKiosk: number[]; drafts: number[] }> {
  const http = createHttp(url);
  const needs = { url, http, now: Date.now };
  const kiosk = await enrolLabKiosk({ ...needs, code: DEMO_KIOSKS[1]?.code ?? '' });
  const agent = await signInLabStaff({ ...needs, username: 'li.na', password: DEMO_PASSWORD });
  await kiosk.open();
  await agent.open();
  await agent.must('queue:ready', {});
  const { caseId, callId } = await startCall({ kiosk, agent }, { service: LOST_CARD });
  const toDesk: number[] = [];
  const toKiosk: number[] = [];
  for (let i = 0; i < edits; i += 1) {
    const mine = nameOf('王', i);
    let began = performance.now();
    const seen = Math.max(0, ...(kiosk.shown.case?.values ?? []).map(({ revision }) => revision));
    const filled = kiosk.must('case:fill', { caseId, name: 'fullName', value: mine, seen });
    const { revision } = await agent.until(({ case: one }) => one?.values.find(({ shown }) => shown === mine));
    toDesk.push(performance.now() - began);
    await filled;
    const theirs = nameOf('李', i);
    began = performance.now();
    const corrected = agent.must('case:correct', { caseId, name: 'fullName', value: theirs, seen: revision });
    await kiosk.until(({ case: one }) => one?.values.some(({ value }) => value === theirs));
    toKiosk.push(performance.now() - began);
    await corrected;
    await pause(EDIT_MS);
  }
  const drafts: number[] = [];
  for (let i = 0; i < edits; i += 1) {
    const draft = nameOf('赵', i);
    const began = performance.now();
    const told = kiosk.must('sharing:at', { caseId, place: { name: 'fullName', typing: true, draft } });
    await agent.until(({ sharing }) => sharing?.other?.draft === draft);
    drafts.push(performance.now() - began);
    await told;
    await pause(KEY_MS);
  }
  await finishCall(agent, callId);
  agent.leave();
  kiosk.leave();
  return { toDesk, toKiosk, drafts };
}

/** The floor: one client to another through a server that does nothing but pass it on (ms). */
export async function measureEcho(messages: number): Promise<number[]> {
  const http = createServer();
  const server = new Server(http, { transports: ['websocket'] });
  server.on('connection', (socket) => socket.on('edit', (data: unknown) => socket.broadcast.emit('edit', data)));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const address = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const [from, to] = [io(address, { transports: ['websocket'] }), io(address, { transports: ['websocket'] })];
  await Promise.all([from, to].map((one) => new Promise<void>((done) => one.on('connect', done))));
  const took: number[] = [];
  for (let i = 0; i < messages; i += 1) {
    const began = performance.now();
    const arrived = new Promise<void>((done) => to.once('edit', () => done()));
    from.emit('edit', { name: 'fullName', value: `王小明 ${i}` });
    await arrived;
    took.push(performance.now() - began);
  }
  from.close();
  to.close();
  await server.close();
  return took;
}
