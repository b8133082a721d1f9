import type { CallId, HearingView, ParticipantId } from '@openvtm/protocol';
import { expect, test, vi } from 'vitest';
import { startLab, type Lab } from './lab/index.ts';
import type { LabKiosk } from './lab/kiosk.ts';
import type { LabStaff } from './lab/staff.ts';
import { startCall } from './lab/stories.ts';

type One = LabKiosk | LabStaff;
const VOICED = { opus: Buffer.from([0xfc, 0xff, 0xfe]), level: -20 };

async function inCall(changes: Parameters<typeof startLab>[0] = {}) {
  const lab = await startLab(changes);
  const kiosk = await lab.kiosk();
  const agent = await lab.readyAgent('li.na');
  const { callId } = await startCall({ kiosk, agent }, { language: 'en' });
  return { lab, kiosk, agent, callId };
}
/** Half a minute of somebody's voice, as it comes from the room, until `told` holds. */
async function speaks(lab: Lab, callId: CallId, who: string, told: () => boolean): Promise<void> {
  await vi.waitFor(
    () => {
      for (let i = 0; i < 20; i += 1) lab.app.parts.hearing.voice(callId, who as ParticipantId, VOICED);
      expect(told()).toBe(true);
    },
    { timeout: 15_000, interval: 30 },
  );
}
const captionsOf = (one: One) => (one.shown as { hearing: HearingView | null }).hearing?.captions ?? null;
const linesOf = (one: One) => captionsOf(one)?.lines ?? [];
const state = (one: One, wanted: string) =>
  one.until(({ hearing }: { hearing: HearingView | null }) => hearing?.captions?.state === wanted);
const codeOf = async (answer: Promise<unknown>) => ((await answer) as { error?: { code: string } }).error?.code ?? 'ok';
/** Long enough for anything that was on its way. */
const quiet = () => new Promise((resolve) => setTimeout(resolve, 300));

test('the customer reads what the agent says, who is told so; the other way round only when the agent asks for it', async () => {
  const { lab, kiosk, agent, callId } = await inCall();
  expect(captionsOf(kiosk)).toEqual({ state: 'off', read: false, simulated: true, lines: [] });
  await kiosk.must('hearing:captions', { callId, on: true });
  await state(kiosk, 'on');
  await agent.until(({ hearing }) => hearing?.captions?.read);
  expect(lab.app.parts.hearing.sides(callId)).toEqual(['staff']);
  await speaks(lab, callId, agent.staffId, () => linesOf(kiosk).some(({ final }) => final));
  const [line] = linesOf(kiosk);
  expect(line).toMatchObject({ speaker: agent.staffId, role: 'agent', name: '李娜', language: 'en' });
  expect(line?.text).toContain('Hello');
  expect([captionsOf(agent)?.state, linesOf(agent)]).toEqual(['off', []]);
  expect(captionsOf(kiosk)?.read).toBe(false);

  await agent.must('hearing:captions', { callId, on: true });
  await kiosk.until(({ hearing }) => hearing?.captions?.read);
  await speaks(lab, callId, 'customer', () => linesOf(agent).length > 0);
  expect(linesOf(agent).every(({ speaker }) => speaker === 'customer')).toBe(true);
  expect(linesOf(kiosk).every(({ speaker }) => speaker === agent.staffId)).toBe(true);

  // Off again: no more is read, and what was said is not shown any more.
  await kiosk.must('hearing:captions', { callId, on: false });
  await state(kiosk, 'off');
  expect(linesOf(kiosk)).toEqual([]);
  expect(lab.app.parts.hearing.sides(callId)).toEqual(['customer']);
  await agent.must('hearing:captions', { callId, on: false });
  await state(agent, 'off');
  await vi.waitFor(() => expect(lab.app.parts.captionSimulator?.listening).toBe(0));

  // Who did it is in the journal; what was said is nowhere.
  expect((await lab.journal({ kind: 'hearing.' })).map(({ data }) => data)).toEqual([
    { by: 'customer', on: true },
    { by: 'staff', on: true },
    { by: 'customer', on: false },
    { by: 'staff', on: false },
  ]);
  expect(lab.log.some((one) => one.includes('Hello'))).toBe(false);
});

test('captions are of the participants alone: nobody else may switch or see them, and no whisper is ever read', async () => {
  const { lab, kiosk, agent, callId } = await inCall();
  const [other, colleague] = await Promise.all([lab.kiosk(2), lab.readyAgent('wang.wei')]);
  for (const one of [other, colleague]) {
    expect(await codeOf(one.ask('hearing:captions', { callId, on: true }))).toBe('not-found');
    expect(captionsOf(one)).toBeNull();
  }
  expect(await codeOf(other.ask('hearing:speak-up', { callId }))).toBe('not-found');
  await kiosk.must('hearing:captions', { callId, on: true });
  await state(kiosk, 'on');

  const boss = await lab.staff('chen.jing');
  await boss.must('call:attend', { callId, mode: 'listening', reason: 'training' });
  await boss.until(({ attending }) => attending.length === 1);
  expect(await codeOf(boss.ask('hearing:captions', { callId, on: true }))).toBe('wrong-state');
  expect(boss.shown.hearing).toBeNull();
  for (const mode of ['listening', 'whispering'] as const) {
    await boss.must('call:attend', { callId, mode, reason: 'training' });
    await agent.until(({ call }) => call?.participants.some((one) => one.id === boss.staffId && one.mode === mode));
    for (let i = 0; i < 400; i += 1) lab.app.parts.hearing.voice(callId, boss.staffId as ParticipantId, VOICED);
    await quiet();
    expect([mode, linesOf(kiosk)]).toEqual([mode, []]);
  }
  await boss.must('call:attend', { callId, mode: 'joined', reason: 'training' });
  await boss.until(({ hearing }) => hearing !== null);
  await speaks(lab, callId, boss.staffId, () => linesOf(kiosk).length > 0);
  expect(linesOf(kiosk)[0]).toMatchObject({ role: 'supervisor', speaker: boss.staffId });

  await agent.must('call:end', { callId });
  await kiosk.until(({ hearing }) => hearing === null);
  expect(await codeOf(kiosk.ask('hearing:captions', { callId, on: true }))).toBe('wrong-state');
  await vi.waitFor(() => expect(lab.app.parts.captionSimulator?.listening).toBe(0));
});

test('on hold nothing is read, what was said goes, and it comes back with the call', async () => {
  const { lab, kiosk, agent, callId } = await inCall();
  await kiosk.must('hearing:captions', { callId, on: true });
  await speaks(lab, callId, agent.staffId, () => linesOf(kiosk).length > 0);
  await agent.must('call:hold', { callId });
  await kiosk.until(({ call, hearing }) => call?.held && hearing?.captions?.lines.length === 0);
  for (let i = 0; i < 400; i += 1) lab.app.parts.hearing.voice(callId, agent.staffId as ParticipantId, VOICED);
  await quiet();
  expect(linesOf(kiosk)).toEqual([]);
  expect(lab.app.parts.captionSimulator?.listening).toBe(0);
  await agent.must('call:resume', { callId });
  await kiosk.until(({ call }) => call?.held === null);
  await speaks(lab, callId, agent.staffId, () => linesOf(kiosk).length > 0);
});

test('a service that hangs up is said to have stopped, and comes back by itself', async () => {
  const { lab, kiosk, agent, callId } = await inCall();
  const admin = await lab.staff('admin', { line: false });
  const tell = async (behaviour: string, token: string) =>
    (await lab.http.send('PUT', '/api/captions/simulator', { token, body: { behaviour } })).status;
  await kiosk.must('hearing:captions', { callId, on: true });
  await speaks(lab, callId, agent.staffId, () => linesOf(kiosk).length > 0);
  expect(await tell('down', await agent.token())).toBe(403);
  expect(await tell('down', await admin.token())).toBe(200);
  await state(kiosk, 'lost');
  expect(linesOf(kiosk).length).toBeGreaterThan(0);
  expect(await tell('usual', await admin.token())).toBe(200);
  lab.clock.jump(5_000);
  const before = linesOf(kiosk).length;
  await speaks(lab, callId, agent.staffId, () => linesOf(kiosk).length > before || captionsOf(kiosk)?.state === 'on');
  await state(kiosk, 'on');
});

test('a service of the bank’s own that is not there is lost, and is no simulator', async () => {
  const captions = { url: 'ws://127.0.0.1:9', token: 'sixteen letters and more' };
  const { lab, kiosk, agent, callId } = await inCall({ captions });
  expect(lab.app.parts.captionSimulator).toBeNull();
  await kiosk.must('hearing:captions', { callId, on: true });
  await speaks(lab, callId, agent.staffId, () => captionsOf(kiosk)?.state === 'lost');
  expect(captionsOf(kiosk)?.simulated).toBe(false);
});

test('who hears badly asks once, and the agent is told for a while', async () => {
  const { lab, kiosk, agent, callId } = await inCall();
  expect(agent.shown.hearing?.speakUpAt).toBeNull();
  await kiosk.must('hearing:speak-up', { callId });
  await agent.until(({ hearing }) => hearing?.speakUpAt);
  await kiosk.must('hearing:speak-up', { callId });
  expect(await lab.journal({ kind: 'hearing.speak-up' })).toHaveLength(1);
  lab.clock.jump(25_000);
  await kiosk.must('hearing:speak-up', { callId });
  await vi.waitFor(async () => expect(await lab.journal({ kind: 'hearing.speak-up' })).toHaveLength(2));
});
