import { expect, test, vi } from 'vitest';
import type { App } from '../../server/src/app.ts';
import { microphoneParameters } from '../media/lab/parameters.ts';
import { startLab, type Lab } from './lab/index.ts';
import type { LabKiosk } from './lab/kiosk.ts';
import { LineRefused } from './lab/line.ts';
import { twoNodes } from './lab/nodes.ts';
import type { LabStaff } from './lab/staff.ts';
import { startCall, type InCall } from './lab/stories.ts';

/** The recheck of open lines would do it too, but only after this. */
const AT_ONCE_MS = 3_000;

/** A supervisor listens to a call whose two send their voices. */
async function listenedTo(people: { kiosk: LabKiosk; agent: LabStaff; supervisor: LabStaff }): Promise<InCall> {
  const { kiosk, agent, supervisor } = people;
  const call = await startCall({ kiosk, agent });
  for (const one of [kiosk, agent]) {
    await one.must('media:join', {});
    await one.must('media:produce', microphoneParameters());
  }
  await supervisor.must('call:attend', { callId: call.callId, mode: 'listening', reason: 'training' });
  const { rtpCapabilities } = await supervisor.must('media:join', {});
  await supervisor.must('media:receive', { rtpCapabilities });
  return call;
}
const consumers = async ({ parts }: App) => (await parts.media.count()).consumers;
const logOut = async ({ http }: Lab, { cookie }: LabStaff) =>
  expect((await http.send('POST', '/api/staff/logout', { headers: { cookie } })).ok).toBe(true);
const heardIn = (app: App, count: number) =>
  vi.waitUntil(async () => (await consumers(app)) === count, { timeout: AT_ONCE_MS, interval: 20 });

test('who listens and signs out hears nothing from then on: line, media and stay end at once, and the call goes on', async () => {
  const lab = await startLab();
  const [kiosk, agent, supervisor] = [
    await lab.kiosk(),
    await lab.readyAgent('li.na'),
    await lab.readyAgent('chen.jing'),
  ];
  const { callId } = await listenedTo({ kiosk, agent, supervisor });
  await heardIn(lab.app, 2);
  const token = await supervisor.token();
  await logOut(lab, supervisor);
  await heardIn(lab.app, 0);
  expect((await lab.app.parts.media.count()).transports).toBe(4);
  await supervisor.until(() => supervisor.closing === 'not-allowed', { withinMs: AT_ONCE_MS });
  await expect(supervisor.open({ token })).rejects.toThrow(new LineRefused('not-allowed'));
  await agent.until(({ call }) => call?.participants.length === 2, { withinMs: AT_ONCE_MS });
  expect([agent, kiosk].map(({ shown }) => shown.call?.callId)).toEqual([callId, callId]);
  const left = (await lab.journal({ about: callId })).filter(({ kind }) => kind === 'call.participant-left');
  expect(left.map(({ data }) => data['reason'])).toEqual(['signed-out']);
  // Nobody rings who is not there.
  const { rows } = await lab.database.pool.query(
    `select 1 from queue.agent where staff_id = $1 and (state = 'offline' or absent_since is not null)`,
    [supervisor.staffId],
  );
  expect(rows).toHaveLength(1);
});

test('so does who let the line go first and kept the media, and whose other sign-in has a line goes on', async () => {
  const lab = await startLab();
  const [kiosk, agent, supervisor] = [await lab.kiosk(), await lab.readyAgent('li.na'), await lab.staff('chen.jing')];
  await listenedTo({ kiosk, agent, supervisor });
  await heardIn(lab.app, 2);
  const newer = await lab.staff('chen.jing');
  await supervisor.until(() => supervisor.closing === 'replaced');
  await logOut(lab, supervisor);
  expect((await newer.ask('line:resync', {})).ok).toBe(true);
  expect(await consumers(lab.app)).toBe(2);
  newer.leave();
  await logOut(lab, newer);
  await heardIn(lab.app, 0);
  await agent.until(({ call }) => call?.participants.length === 2, { withinMs: AT_ONCE_MS });
});

test('whoever leads a call and signs out is heard no more; the call waits for them as after a lost line', async () => {
  const lab = await startLab();
  const [kiosk, agent, supervisor] = [await lab.kiosk(), await lab.readyAgent('li.na'), await lab.staff('chen.jing')];
  const { callId } = await listenedTo({ kiosk, agent, supervisor });
  await heardIn(lab.app, 2);
  await logOut(lab, agent);
  await heardIn(lab.app, 1);
  await kiosk.until(({ call }) => call?.participants.some(({ role, here }) => role === 'agent' && !here));
  const again = await lab.staff('li.na');
  expect(again.shown.call?.callId).toBe(callId);
});

test('signed out at one node, listening by a line to the other: it ends there at once', async () => {
  const { lab, b } = await twoNodes();
  const [kiosk, agent, supervisor] = [await lab.kiosk(), await lab.readyAgent('li.na'), await b.staff('chen.jing')];
  await listenedTo({ kiosk, agent, supervisor });
  const both = async () => (await consumers(lab.app)) + (await consumers(b.app));
  await vi.waitUntil(async () => (await both()) === 2, { timeout: AT_ONCE_MS });
  await logOut(lab, supervisor);
  await vi.waitUntil(async () => (await both()) === 0, { timeout: AT_ONCE_MS });
  await supervisor.until(() => supervisor.closing === 'not-allowed', { withinMs: AT_ONCE_MS });
  await agent.until(({ call }) => call?.participants.length === 2, { withinMs: AT_ONCE_MS });
  expect(await both()).toBe(0);
});
