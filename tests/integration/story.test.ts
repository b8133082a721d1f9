import { VIEW_SECONDS } from '@openvtm/protocol';
import { expect, test } from 'vitest';
import { startLab } from './lab/index.ts';
import { jpeg, sizeOf } from './lab/pictures.ts';
import { LOST_CARD, ringing } from './lab/stories.ts';

const FORM = { fullName: '王小明', idNumber: '110105 19900307 005x', phone: '138 0013 8000', howLost: 'stolen' };

test('a customer is served from the first touch to the rating, and the journal tells all of it in order', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const agent = await lab.readyAgent('li.na');

  // Alone at the kiosk.
  const { caseId } = await kiosk.must('case:start', { serviceId: LOST_CARD, language: 'zh-CN', print: 'normal' });
  await kiosk.must('case:present', { caseId, language: 'en', print: 'large' });
  const { version } = await kiosk.until((shown) => shown.case?.caseId === caseId && shown.case.service.consent);
  await kiosk.must('case:consent', { caseId, version });
  for (const [name, value] of Object.entries(FORM)) await kiosk.must('case:fill', { caseId, name, value });
  const filled = await kiosk.until(({ case: one }) => one?.values.length === 4 && one);
  expect(filled).toMatchObject({ at: 'alone', language: 'en', print: 'large', consented: true });
  expect(Object.fromEntries(filled.values.map(({ name, value }) => [name, value]))).toEqual({
    ...FORM,
    idNumber: '11010519900307005X',
    phone: '13800138000',
  });

  // The queue, and the offer that rings with what is known, masked where it must be.
  const { ticketId } = await kiosk.must('queue:join', { caseId });
  const offer = await ringing(agent);
  expect(offer).toMatchObject({ language: 'en', print: 'large', service: { title: { en: 'Replace a lost card' } } });
  expect(offer.known.map(({ label, shown, choice }) => [label.en, shown, choice?.en ?? null])).toEqual([
    ['Full name', '王小明', null],
    ['ID number', '••••••••••••005X', null],
    ['Mobile number', '•••••••8000', null],
    ['What happened', 'stolen', 'It was stolen'],
  ]);
  expect(await kiosk.until(({ ticket }) => ticket?.at === 'coming' && ticket)).toMatchObject({ ticketId, position: 1 });

  const { callId } = await agent.must('call:accept', { offerId: offer.offerId });
  expect(callId).toBe(offer.callId);
  await kiosk.until(({ call, ticket, case: one }) => call?.callId === callId && !ticket && one?.at === 'serving');
  const desk = await agent.until(({ call, case: one }) => call?.callId === callId && one);
  expect(desk.values.find((one) => one.name === 'idNumber')).toMatchObject({ masked: true, shown: '••••••••••••005X' });

  // The agent works through the steps.
  await agent.must('case:tick', { caseId, step: 'identify', done: true });
  await agent.until(({ case: one }) => one?.ticked.includes('identify'));
  const revealed = await agent.must('case:reveal', { caseId, name: 'idNumber', reason: 'verify-identity' });
  expect(revealed).toEqual({ value: '11010519900307005X' });

  const { documentId } = await agent.must('document:ask', { caseId, kind: 'id-card-front', camera: 'document' });
  const documentOf = (shown: typeof kiosk.shown | typeof agent.shown) =>
    shown.documents.find((one) => one.documentId === documentId);
  await kiosk.until((shown) => documentOf(shown)?.state.at === 'asked');
  expect((await kiosk.upload(documentId, await jpeg())).status).toBe(201);
  const captured = await agent.until((shown) => documentOf(shown)?.state.at === 'captured' && documentOf(shown));
  expect(captured.pages).toMatchObject([{ number: 1, width: 320, height: 200 }]);
  const seen = await agent.page(documentId, 1);
  expect(seen.headers.get('content-type')).toBe('image/jpeg');
  expect(seen.headers.get('cache-control')).toBe('no-store');
  expect(seen.headers.get('x-view-seconds')).toBe(String(VIEW_SECONDS));
  expect(await sizeOf(seen)).toEqual([320, 200]);

  await agent.must('document:return', { documentId, reason: 'glare', note: 'Please turn it a little' });
  expect(await kiosk.until((shown) => documentOf(shown)?.state.at === 'returned' && documentOf(shown))).toMatchObject({
    state: { reason: 'glare', note: 'Please turn it a little' },
  });
  expect((await kiosk.upload(documentId, await jpeg({ width: 400, height: 250 }))).status).toBe(201);
  await agent.until((shown) => documentOf(shown)?.pages.length === 2);
  await agent.must('document:accept', { documentId });
  await kiosk.until((shown) => documentOf(shown)?.state.at === 'accepted');

  await agent.must('case:propose', { caseId, summary: 'A new card to your address' });
  await kiosk.until(({ case: one }) => one?.at === 'confirming' && one.summary === 'A new card to your address');
  await kiosk.must('case:confirm', { caseId, agreed: true });
  await agent.until(({ case: one }) => one?.at === 'confirmed');

  // The end on both sides.
  await agent.must('call:end', { callId });
  await kiosk.until(({ call, case: one }) => !call && one?.at === 'rating');
  await agent.until(({ agent: state, case: one }) => state?.at === 'wrap-up' && one?.caseId === caseId);
  await kiosk.must('case:rate', { caseId, stars: 5 });
  await kiosk.until(({ case: one, documents }) => !one && documents.length === 0);
  await agent.must('queue:wrap-up', { callId, outcome: 'complete', note: 'All in order', then: 'ready' });
  await agent.until(({ agent: state, case: one }) => state?.at === 'ready' && !one);

  const lines = await lab.journal();
  const moves = (name: string) => lines.flatMap(({ kind, data }) => (kind === name ? [`${data.from}→${data.to}`] : []));
  expect(lines.map(({ kind }) => kind).filter((kind) => !/^(staff|kiosk|session|appointment)\./.test(kind))).toEqual([
    'queue.agent-moved',
    'case.started',
    'case.presented',
    'case.moved',
    'case.consented',
    'case.filled',
    'case.filled',
    'case.filled',
    'case.filled',
    'case.moved',
    'queue.joined',
    'queue.offer-made',
    'queue.agent-moved',
    'queue.agent-moved',
    'queue.offer-accepted',
    'case.moved',
    'call.started',
    'case.ticked',
    'case.revealed',
    'document.asked',
    'document.captured',
    'document.viewed',
    'document.returned',
    'document.captured',
    'document.accepted',
    'case.moved',
    'case.moved',
    'call.ended',
    'queue.agent-moved',
    'case.moved',
    'case.closed',
    'queue.agent-moved',
    'call.wrapped-up',
  ]);
  expect(moves('queue.agent-moved')).toEqual([
    'offline→ready',
    'ready→offered',
    'offered→in-call',
    'in-call→wrap-up',
    'wrap-up→ready',
  ]);
  expect(moves('case.moved')).toEqual([
    'consent→alone',
    'alone→waiting',
    'waiting→serving',
    'serving→confirming',
    'confirming→confirmed',
    'confirmed→rating',
  ]);
  const who = (kind: string) => lines.find((line) => line.kind === kind)?.actor;
  expect(who('case.consented')).toMatchObject({ kind: 'kiosk', id: kiosk.kioskId, name: '一号机 Kiosk 1' });
  expect(who('case.revealed')).toMatchObject({ kind: 'staff', id: agent.staffId, name: '李娜' });
  expect(who('queue.offer-made')).toMatchObject({ kind: 'system' });
  expect(JSON.stringify(lines)).not.toMatch(
    /王小明|11010519900307005|13800138000|A new card to|turn it a little|All in/,
  );
});

test('what the customer does not confirm goes back to the agent, and is proposed again', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const agent = await lab.readyAgent('li.na');
  const { caseId } = await kiosk.must('case:start', { serviceId: LOST_CARD, language: 'zh-CN', print: 'normal' });
  await kiosk.must('case:consent', { caseId, version: '2026-11+supervision-1' });
  await kiosk.must('queue:join', { caseId });
  await agent.must('call:accept', { offerId: (await ringing(agent)).offerId });
  await agent.must('case:propose', { caseId, summary: 'first' });
  await kiosk.must('case:confirm', { caseId, agreed: false });
  await agent.until(({ case: one }) => one?.at === 'serving');
  await agent.must('case:propose', { caseId, summary: 'second' });
  const proposed = await kiosk.until(({ case: one }) => one?.at === 'confirming' && one);
  expect(proposed.summary).toBe('second');
});

test('a value that does not fit its field is refused, an empty one is taken out, and nothing is entered before consent', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const { caseId } = await kiosk.must('case:start', { serviceId: LOST_CARD, language: 'zh-CN', print: 'normal' });
  const fill = async (name: string, value: string) => {
    const answer = await kiosk.ask('case:fill', { caseId, name, value });
    return answer.ok ? 'ok' : answer.error.code;
  };
  expect(await fill('fullName', '王小明')).toBe('wrong-state');
  expect(await kiosk.ask('case:consent', { caseId, version: '1999-01' })).toMatchObject({
    error: { code: 'wrong-state' },
  });
  await kiosk.must('case:consent', { caseId, version: '2026-11+supervision-1' });
  expect(await fill('idNumber', '110105199003070051')).toBe('invalid-value');
  expect(await fill('howLost', 'sold')).toBe('invalid-value');
  expect(await fill('salary', '1')).toBe('not-found');
  expect(await fill('fullName', '王小明')).toBe('ok');
  await kiosk.until(({ case: one }) => one?.values.length === 1);
  expect(await fill('fullName', '  ')).toBe('ok');
  await kiosk.until(({ case: one }) => one?.values.length === 0);
});
