import { randomUUID } from 'node:crypto';
import { BANDWIDTH_BYTES, SELF_TEST_ASKED_MS, type KioskId, type SelfTestResult } from '@openvtm/protocol';
import { expect, test } from 'vitest';
import { startLab } from './lab/index.ts';
import { LOST_CARD } from './lab/stories.ts';

const good: SelfTestResult = { check: 'camera', outcome: 'good', why: null, value: 30 };
const failed: SelfTestResult = { check: 'udp', outcome: 'failed', why: 'no-connection', value: null };

test('branch staff ask a kiosk of theirs, which tells what it found; a reload of either shows the same', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const staff = await lab.staff('zhang.min');
  await staff.until(({ kiosks }) => kiosks.some(({ kioskId }) => kioskId === kiosk.kioskId));
  expect(staff.shown.kiosks.find(({ kioskId }) => kioskId === kiosk.kioskId)).toMatchObject({
    askedAt: null,
    last: null,
  });
  await staff.must('self-test:ask', { kioskId: kiosk.kioskId as KioskId });
  await kiosk.until(({ selfTest }) => selfTest !== null);
  kiosk.leave();
  await kiosk.open();
  expect(kiosk.shown.selfTest).not.toBeNull();

  await kiosk.must('self-test:keep', { results: [good, failed] });
  await kiosk.until(({ selfTest }) => selfTest === null);
  const of = () => staff.shown.kiosks.find(({ kioskId }) => kioskId === kiosk.kioskId);
  await staff.until(() => of()?.last != null);
  expect(of()).toMatchObject({ askedAt: null, last: { results: [good, failed] } });
  const lines = await lab.journal({ about: kiosk.kioskId });
  expect(lines.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['self-test.asked', 'self-test.kept']));
});

test("a kiosk with a customer is not asked, nor another branch's; the ask ends by itself and by a touch", async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const staff = await lab.staff('zhang.min');
  const { caseId } = await kiosk.must('case:start', { serviceId: LOST_CARD, language: 'en', print: 'normal' });
  expect(await staff.ask('self-test:ask', { kioskId: kiosk.kioskId as KioskId }, { id: randomUUID() })).toMatchObject({
    error: { code: 'wrong-state' },
  });
  await kiosk.must('case:abandon', { caseId, reason: 'cancelled' });
  const phone = await lab.phone();
  expect(await staff.ask('self-test:ask', { kioskId: phone.kioskId as KioskId }, { id: randomUUID() })).toMatchObject({
    error: { code: 'not-found' },
  });

  await staff.must('self-test:ask', { kioskId: kiosk.kioskId as KioskId });
  await kiosk.until(({ selfTest }) => selfTest !== null);
  await kiosk.must('self-test:stop', {});
  await kiosk.until(({ selfTest }) => selfTest === null);
  await staff.must('self-test:ask', { kioskId: kiosk.kioskId as KioskId });
  lab.clock.jump(SELF_TEST_ASKED_MS + 1_000);
  kiosk.leave();
  await kiosk.open();
  expect(kiosk.shown.selfTest).toBeNull();
});

test('what is no result is refused, and the last twenty of a device are kept', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  for (const results of [[], [good, good], [{ ...good, outcome: 'superb' }], [{ ...good, value: 'much' }]])
    expect(await kiosk.say('self-test:keep', { results }, { id: randomUUID() })).toMatchObject({
      error: { code: 'bad-request' },
    });
  for (let n = 0; n < 22; n += 1) {
    lab.clock.jump(1_000);
    await kiosk.must('self-test:keep', { results: [{ ...good, value: n }] });
  }
  const { rows } = await lab.database.pool.query<{ n: number; least: number }>(
    `select count(*)::int as n, min((results->0->>'value')::int) as least from self_tests.test`,
  );
  expect(rows[0]).toEqual({ n: 20, least: 2 });
});

test('bytes for the bandwidth go both ways, with the clock, for devices that are known', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const at = new URL('/api/self-tests/bytes', lab.url);
  expect((await fetch(at)).status).toBe(401);
  const headers = { authorization: `Bearer ${await kiosk.token()}` };
  const down = await fetch(at, { headers });
  expect((await down.arrayBuffer()).byteLength).toBe(BANDWIDTH_BYTES);
  expect(Math.abs(Number(down.headers.get('x-openvtm-now')) - lab.clock.now())).toBeLessThan(5_000);
  const put = (length: number) => fetch(at, { method: 'PUT', headers, body: Buffer.alloc(length, 7) });
  expect((await put(BANDWIDTH_BYTES)).status).toBe(204);
  expect((await put(BANDWIDTH_BYTES + 1)).status).toBe(413);

  // What measures a line well empties one, too: an address may not go on and on.
  const clock = new URL('/api/self-tests/clock', lab.url);
  const asked = await Promise.all(Array.from({ length: 130 }, async () => (await fetch(clock, { headers })).status));
  expect(new Set(asked)).toEqual(new Set([204, 429]));
});
