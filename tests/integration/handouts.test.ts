import type { HandoutLookOut, HandoutOpenOut, LoginOut } from '@openvtm/protocol';
import { expect, test, vi } from 'vitest';
import { verifyPdf } from '../../server/src/modules/signing/index.ts';
import { startLab } from './lab/index.ts';
import { confirmedCall, FORM, paperAt, sealPaper, signPaper } from './lab/papers.ts';

/** A customer whose one paper is sealed, after the call. */
async function signed() {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const agent = await lab.readyAgent('li.na');
  const { caseId, callId } = await confirmedCall({ kiosk, agent });
  const paper = await sealPaper({ kiosk, agent }, caseId);
  await agent.must('call:end', { callId });
  await kiosk.until(({ case: one }) => one?.at === 'rating');
  const post = <T>(path: string, body: unknown) => lab.http.json<T>('POST', `/api/handouts/${path}`, { body });
  const look = (token: string) => post<HandoutLookOut>('look', { token });
  const open = (token: string, digits: string) => post<HandoutOpenOut>('open', { token, digits });
  const fetchPaper = (key: string, number: number) =>
    lab.http.send('GET', `/api/handouts/papers/${number}`, { token: key });
  return { lab, kiosk, agent, caseId, paper, look, open, fetchPaper };
}
const code = (answer: { ok: boolean; error?: { code: string } }) => (answer.ok ? 'done' : answer.error?.code);

test('a link opens once, by what only the customer knows, and each paper comes down once', async () => {
  const { lab, kiosk, caseId, paper, look, open, fetchPaper } = await signed();
  await kiosk.until(({ handout }) => handout?.factor === 'phone');
  const { token, factor } = await kiosk.must('handout:link', { caseId });
  expect(factor).toBe('phone');
  expect(await look(token)).toEqual({ is: 'asks', factor: 'phone', triesLeft: 3 });
  expect(await open(token, '1234')).toEqual({ is: 'wrong', triesLeft: 2 });
  const opened = await open(token, FORM.phone.slice(-4));
  if (!('key' in opened)) throw new Error(opened.is);
  expect(opened.papers).toEqual([{ number: 1, title: paper.title }]);
  expect(await open(token, FORM.phone.slice(-4))).toEqual({ is: 'opened' });
  expect(await look(token)).toEqual({ is: 'opened' });
  await kiosk.until(({ handout }) => handout?.link?.at === 'opened');

  const down = await fetchPaper(opened.key, 1);
  expect(down.headers.get('cache-control')).toBe('no-store');
  expect(await verifyPdf(Buffer.from(await down.arrayBuffer()))).toMatchObject([{ wrong: [] }]);
  await kiosk.until(({ handout }) => handout?.link?.taken === 1);
  expect((await fetchPaper(opened.key, 1)).status).toBe(404);
  expect((await fetchPaper(opened.key, 2)).status).toBe(404);
  expect((await fetchPaper(token, 1)).status).toBe(404);

  const lines = await lab.journal({ kind: 'handout' });
  expect(lines.map(({ kind }) => kind)).toEqual([
    'handout.linked',
    'handout.wrong-answer',
    'handout.opened',
    'handout.taken',
  ]);
  const told = JSON.stringify([lines, lab.log]);
  for (const secret of [token, opened.key, `"${FORM.phone.slice(-4)}"`]) expect(told).not.toContain(secret);
  const { rows } = await lab.database.pool.query('select token_hash::text, factor_hash::text from handouts.link');
  expect(JSON.stringify(rows)).not.toContain(token);
});

test('three wrong answers lock a link, whatever comes after, over a restart too', async () => {
  const { lab, kiosk, caseId, look, open } = await signed();
  const { token } = await kiosk.must('handout:link', { caseId });
  expect(await open(token, '0000')).toMatchObject({ is: 'wrong' });
  await lab.restart();
  expect(await open(token, '0001')).toMatchObject({ is: 'wrong', triesLeft: 1 });
  expect(await open(token, '0002')).toEqual({ is: 'locked' });
  expect(await open(token, FORM.phone.slice(-4))).toEqual({ is: 'locked' });
  expect(await look(token)).toEqual({ is: 'locked' });
  // A new one may be made at the kiosk.
  await kiosk.open();
  await kiosk.until(({ handout }) => handout?.link?.at === 'locked');
  const next = await kiosk.must('handout:link', { caseId });
  expect(await open(next.token, FORM.phone.slice(-4))).toMatchObject({ is: 'papers' });
});

test('of two who open a link at once, one does', async () => {
  const { kiosk, caseId, open } = await signed();
  const { token } = await kiosk.must('handout:link', { caseId });
  const all = await Promise.all(Array.from({ length: 6 }, () => open(token, FORM.phone.slice(-4))));
  expect(all.filter((one) => 'key' in one)).toHaveLength(1);
});

test('a link runs out, is replaced by the next, and an unknown one says no more than that', async () => {
  const { lab, kiosk, caseId, look, open, fetchPaper } = await signed();
  const first = await kiosk.must('handout:link', { caseId });
  const second = await kiosk.must('handout:link', { caseId });
  expect(await open(first.token, FORM.phone.slice(-4))).toEqual({ is: 'replaced' });
  expect(await look('A'.repeat(22))).toEqual({ is: 'unknown' });
  expect((await lab.http.send('POST', '/api/handouts/look', { body: { token: 'short' } })).status).toBe(400);
  const opened = await open(second.token, FORM.phone.slice(-4));
  if (!('key' in opened)) throw new Error(opened.is);
  lab.clock.jump(16 * 60_000);
  expect((await fetchPaper(opened.key, 1)).status).toBe(401);
  await kiosk.open();
  const third = await kiosk.must('handout:link', { caseId });
  lab.clock.jump(24 * 3_600_000);
  expect(await look(third.token)).toEqual({ is: 'expired' });
});

test('only the kiosk of the case makes links, and only of what is sealed', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const agent = await lab.readyAgent('li.na');
  const other = await lab.kiosk(2);
  const { caseId } = await confirmedCall({ kiosk, agent });
  await signPaper({ kiosk, agent }, caseId);
  expect(code(await kiosk.ask('handout:link', { caseId }))).toBe('wrong-state');
  expect(code(await other.ask('handout:link', { caseId }))).toBe('not-found');
  expect(code(await other.ask('handout:send', { caseId, channel: 'sms' }))).toBe('not-found');
});

test('a message brings the link, asks for the ID number and not the phone it went to, and a failure is told', async () => {
  const { lab, kiosk, caseId, open } = await signed();
  await kiosk.must('handout:send', { caseId, channel: 'sms' });
  const { message } = await kiosk.until(({ handout }) => handout?.link?.message?.state === 'sent' && handout.link);
  expect(message).toMatchObject({ channel: 'sms', to: '…8000' });
  const token = /\/papers\/#(\S{22})/.exec(message?.simulated ?? '')?.[1] ?? '';
  expect(message?.simulated).toContain(`${lab.url}/papers/#`);
  expect(await open(token, FORM.phone.slice(-4))).toMatchObject({ is: 'wrong' });
  expect(await open(token, '005x')).toMatchObject({ is: 'papers' });

  const { accessToken } = await lab.http.json<LoginOut>('POST', '/api/staff/login', {
    body: { username: 'admin', password: 'openvtm-demo' },
  });
  for (const [behaviour, why] of [
    ['refusing', 'refused'],
    ['failing', 'unanswered'],
  ] as const) {
    await lab.http.json('PUT', '/api/handouts/simulator', { token: accessToken, body: { behaviour } });
    await kiosk.must('handout:send', { caseId, channel: 'sms' });
    await kiosk.until(({ handout }) => handout?.link?.message?.state === 'failed' && handout.link.message.why === why);
  }
  expect(JSON.stringify([await lab.journal({ kind: 'handout' }), lab.log])).not.toContain(token);
});

test('a receipt of what the core did is made once, sealed, printed and handed out', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const agent = await lab.readyAgent('li.na');
  const { caseId, callId } = await confirmedCall({ kiosk, agent }, 'en', {
    ...FORM,
    fullName: '王小明',
    cardLast4: '3990',
  });
  expect(await agent.must('case:carry-out', { caseId })).toEqual({ found: true });
  await kiosk.until(({ case: one }) => one?.receipt);
  await agent.must('call:end', { callId });
  await kiosk.until(({ case: one }) => one?.at === 'rating');
  await kiosk.must('handout:begin', { caseId });
  await kiosk.must('handout:begin', { caseId });
  const [receipt] = await kiosk.until(({ papers }) => papers.length === 1 && papers);
  if (!receipt) throw new Error('no receipt');
  expect(receipt).toMatchObject({ kind: 'receipt', title: 'Receipt', countersigned: [] });
  await paperAt(kiosk, receipt.paperId, 'sealed');
  await kiosk.must('handout:printed', { caseId, papers: [receipt.paperId], outcome: 'no-paper' });
  await kiosk.must('handout:printed', { caseId, papers: [receipt.paperId], outcome: 'printed' });
  expect((await lab.journal({ kind: 'handout.printed' })).map(({ data }) => data['outcome'])).toEqual([
    'no-paper',
    'printed',
  ]);
  await kiosk.must('handout:link', { caseId });
  await vi.waitFor(() => expect(kiosk.shown.handout?.link).toMatchObject({ at: 'open', papers: 1 }));
});
