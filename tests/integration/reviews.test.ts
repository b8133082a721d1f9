import { setTimeout as pause } from 'node:timers/promises';
import { RECALL_KEPT_MS, REVIEW_HELD_MS, type In } from '@openvtm/protocol';
import { expect, test, vi } from 'vitest';
import { startLab } from './lab/index.ts';
import { jpeg } from './lab/pictures.ts';
import {
  BILL,
  COMPANY,
  FORM,
  PAPERS,
  MINUTE,
  sent,
  rowsOf,
  firstOf,
  viewed,
  taken,
  paper,
  accept,
  refused,
  stateOf,
} from './lab/reviews.ts';
import { finishCall, ringing, startCase } from './lab/stories.ts';

test('a bill discount sent ahead at a kiosk is returned, completed by its code, accepted by two, and only the call is left', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const zhao = await lab.staff('zhao.lei');
  const chen = await lab.staff('chen.jing');
  const { caseId, code, dueAt } = await sent(lab, kiosk);
  // The kiosk is the next customer's; no ticket, no call.
  await kiosk.until((shown) => shown.case === null && shown.documents.length === 0 && shown.ticket === null);
  expect(code).toMatch(/^[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}$/);
  const counts = await zhao.until(({ reviews }) => reviews.counts?.open === 1 && reviews.counts);
  expect(counts).toMatchObject({ mine: 0, overdue: 0 });
  const row = await firstOf(zhao);
  expect(row).toMatchObject({ kind: 'ahead', at: 'open', who: COMPANY, dueAt, round: 1, taken: null });
  expect(await kiosk.must('handover:take', { code })).toEqual({ is: 'in-review', dueAt });

  // Nobody sees a page who has not taken the review.
  const view = await taken(zhao);
  expect(view.values.find(({ name }) => name === 'idNumber')).toMatchObject({ masked: true });
  expect(
    await zhao.must('review:reveal', { reviewId: view.reviewId, name: 'idNumber', reason: 'verify-identity' }),
  ).toEqual({
    value: FORM.idNumber,
  });
  expect((await zhao.page(paper(view, 'bill').documentId, 1)).status).toBe(200);
  expect((await chen.page(paper(view, 'bill').documentId, 1)).status).toBe(404);
  const [look] = await lab.journal({ kind: 'document.viewed' });
  expect(look).toMatchObject({ data: { why: 'pre-review' }, actor: { name: '赵磊' } });

  await accept(zhao, view, 'bill');
  await accept(zhao, view, 'contract');
  const licence = paper(view, 'business-licence');
  const decide = (decision: In<'review:decide'>['decision'], seen = 1) =>
    zhao.ask('review:decide', { reviewId: view.reviewId, seen, decision });
  expect(await decide({ is: 'accepted', note: '' })).toMatchObject(refused('wrong-state'));
  await zhao.must('review:return-document', { reviewId: view.reviewId, ...licence, reason: 'glare', note: 'stamp' });
  await zhao.must('review:ask-document', { reviewId: view.reviewId, kind: 'income-proof' });
  expect(await decide({ is: 'accepted', note: '' })).toMatchObject(refused('wrong-state'));
  expect(await decide({ is: 'returned', note: 'Please the licence anew' })).toMatchObject({ ok: true });
  await chen.until(({ reviews }) => reviews.counts?.open === 0);
  expect((await rowsOf(zhao, 'today')).map(({ at }) => at)).toEqual(['returned']);

  // The customer comes back with the code, adds what is wanted, and sends it again under the same code.
  expect(await kiosk.must('handover:take', { code })).toEqual({ is: 'taken', caseId });
  const back = await kiosk.until(
    ({ case: one, documents }) => one?.step?.kind === 'ahead' && documents.length === 4 && one.step,
  );
  expect(back.returned).toMatchObject({ note: 'Please the licence anew' });
  expect(await kiosk.ask('review:send-ahead', { caseId })).toMatchObject(refused('invalid-value'));
  const wanted = kiosk.shown.documents.filter(({ state }) => state.at === 'returned' || state.at === 'asked');
  expect(wanted.map(({ kind }) => kind).toSorted()).toEqual(['business-licence', 'income-proof']);
  for (const one of wanted) expect((await kiosk.upload(one.documentId, await jpeg())).status).toBe(201);
  await kiosk.until(({ documents }) => documents.every(({ state }) => state.at !== 'returned' && state.at !== 'asked'));
  expect((await kiosk.must('review:send-ahead', { caseId })).code).toBe(code);

  const again = await taken(zhao);
  expect(again).toMatchObject({ reviewId: view.reviewId, round: 2 });
  expect(again.history.map(({ what }) => what)).toContain('sent-again');
  // What was seen before is not what is decided on.
  expect(await zhao.ask('review:accept-document', { reviewId: view.reviewId, ...licence })).toMatchObject(
    refused('conflict'),
  );
  expect(await decide({ is: 'accepted', note: '' }, 1)).toMatchObject(refused('conflict'));
  await accept(zhao, again, 'business-licence');
  await accept(zhao, again, 'income-proof');
  expect(await decide({ is: 'accepted', note: 'All there' }, 2)).toMatchObject({ ok: true });

  // The bill needs a second person: not the same, and the customer hears nothing before.
  expect(await kiosk.must('handover:take', { code })).toMatchObject({ is: 'in-review' });
  expect(await rowsOf(zhao)).toEqual([]);
  const second = await taken(chen);
  expect(second).toMatchObject({ kind: 'second', document: 'bill', documents: [{ kind: 'bill' }] });
  expect(await zhao.ask('review:take', { reviewId: second.reviewId })).toMatchObject(refused('same-person'));
  await accept(chen, second, 'bill');

  expect(await kiosk.must('handover:take', { code })).toEqual({ is: 'taken', caseId });
  const person = await kiosk.until(({ case: one }) => one?.step?.kind === 'person' && one.step);
  expect(person.reviewedAt).not.toBeNull();
  // As it was accepted, so it stays.
  expect(await kiosk.ask('case:fill', { caseId, name: 'amount', value: '99900000' })).toMatchObject(
    refused('wrong-state'),
  );
  expect(await kiosk.ask('case:back', { caseId })).toMatchObject(refused('wrong-state'));
  await chen.must('queue:ready', {});
  await kiosk.must('queue:join', { caseId });
  const { callId } = await chen.must('call:accept', { offerId: (await ringing(chen)).offerId });
  const desk = await chen.until(
    ({ reviews, case: one }) => one?.at === 'serving' && reviews.desk?.ahead && { reviews, one },
  );
  expect(desk.reviews.desk?.ahead).toMatchObject({ by: '赵磊', note: 'All there', documents: 4 });
  expect(desk.one.ticked).toEqual(expect.arrayContaining([...PAPERS]));
  await chen.must('case:propose', { caseId, summary: 'discount of one bill' });
  await kiosk.until(({ case: one }) => one?.at === 'confirming');
  await kiosk.must('case:confirm', { caseId, agreed: true });
  await finishCall(chen, callId);
  await kiosk.until(({ case: one }) => one?.at === 'rating');
  expect(JSON.stringify(await lab.journal())).not.toMatch(/All there|Please the licence|O'Neil/);
});

test('one of two takes it, the other is told; who vanishes or puts it back loses it; a restart forgets nothing', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const zhao = await lab.staff('zhao.lei');
  const chen = await lab.staff('chen.jing');
  await sent(lab, kiosk);
  const { reviewId } = await firstOf(zhao);
  const both = await Promise.all([zhao, chen].map((who) => who.ask('review:take', { reviewId })));
  expect(both.filter(({ ok }) => ok)).toHaveLength(1);
  expect(both.find(({ ok }) => !ok)).toMatchObject(refused('taken-by-other'));
  const [winner, loser] = both[0]?.ok ? [zhao, chen] : [chen, zhao];
  // A double click, and a second tab.
  await winner.must('review:take', { reviewId });
  expect(await firstOf(loser)).toMatchObject({ at: 'taken', taken: { mine: false } });
  for (const answer of [
    await loser.ask('review:release', { reviewId }),
    await loser.ask('review:decide', { reviewId, seen: 1, decision: { is: 'refused', reason: 'other', note: '' } }),
    await loser.ask('review:hand-on', { reviewId, to: { skill: 'corporate' }, note: 'x' }),
    await loser.ask('review:reveal', { reviewId, name: 'idNumber', reason: 'verify-identity' }),
  ])
    expect(answer).toMatchObject(refused('not-found'));
  expect(await loser.must('review:view', { reviewId })).toEqual({ review: null });

  await lab.restart();
  await winner.open();
  await loser.open();
  expect((await viewed(winner, reviewId)).at).toBe('taken');
  lab.clock.jump(REVIEW_HELD_MS - MINUTE);
  expect(await winner.must('review:keep', {})).toEqual({ kept: 1 });
  lab.clock.jump(REVIEW_HELD_MS - MINUTE);
  expect((await viewed(winner, reviewId)).at).toBe('taken');
  lab.clock.jump(2 * MINUTE);
  await loser.until(({ reviews }) => reviews.counts?.open === 1);
  await loser.must('review:take', { reviewId });
  expect(
    await winner.ask('review:decide', { reviewId, seen: 1, decision: { is: 'accepted', note: '' } }),
  ).toMatchObject(refused('not-found'));
  expect((await viewed(loser, reviewId)).history.map(({ what }) => what)).toEqual(['sent', 'taken', 'lapsed', 'taken']);
});

test('it is handed on with a note to a person or a skill, and who may not review is refused', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const [zhao, chen, li] = [await lab.staff('zhao.lei'), await lab.staff('chen.jing'), await lab.staff('li.na')];
  await sent(lab, kiosk);
  const { reviewId } = await firstOf(zhao);
  expect(await rowsOf(li)).toEqual([]);
  expect(await li.ask('review:take', { reviewId })).toMatchObject(refused('not-allowed'));
  const branch = await lab.staff('zhang.min');
  expect(await branch.ask('review:list', { filter: 'open', after: null })).toMatchObject({ ok: false });

  await zhao.must('review:take', { reviewId });
  const { people, skills } = await zhao.must('review:colleagues', { reviewId });
  expect(people.map(({ name }) => name)).toContain('李娜');
  expect(people.map(({ name }) => name)).not.toContain('赵磊');
  expect(skills).toContain('corporate');
  const staffId = people.find(({ name }) => name === '李娜')?.staffId as (typeof people)[number]['staffId'];
  await zhao.must('review:hand-on', { reviewId, to: { staffId }, note: 'She knows this company' });
  expect((await rowsOf(li, 'mine')).map((one) => one.to)).toEqual(['李娜']);
  expect(await rowsOf(chen)).toEqual([]);
  const view = await taken(li);
  expect(view.history.at(-2)).toMatchObject({
    what: 'handed-on',
    by: '赵磊',
    detail: '李娜',
    note: 'She knows this company',
  });
  await li.must('review:hand-on', { reviewId, to: { skill: 'wealth' }, note: 'Not mine' });
  expect(await rowsOf(li)).toEqual([]);
  expect((await rowsOf(chen)).map((one) => one.skills)).toEqual([{ wealth: 1 }]);
  await chen.must('review:take', { reviewId });
  const unknown = { reviewId, to: { skill: 'juggling' }, note: 'x' };
  expect(await chen.ask('review:hand-on', unknown)).toMatchObject(refused('not-found'));
  await chen.must('review:decide', {
    reviewId,
    seen: 1,
    decision: { is: 'refused', reason: 'not-eligible', note: 'The bill is overdue' },
  });
  const told = await lab.journal({ about: reviewId });
  expect(told.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['review.sent', 'review.taken', 'review.handed-on', 'review.refused']),
  );
});

test('on a phone the case is followed, fetched back and withdrawn; another phone only with the code', async () => {
  const lab = await startLab();
  const phone = await lab.phone();
  const zhao = await lab.staff('zhao.lei');
  const { caseId, code } = await sent(lab, phone);
  const followed = await phone.until(({ followed: one }) => one?.ahead && one);
  expect(followed).toMatchObject({ caseId, device: null, ahead: { at: 'in-review', code, mine: true, papers: [] } });
  expect(await phone.ask('review:fetch-back', { caseId })).toMatchObject(refused('wrong-state'));
  const stranger = await lab.phone();
  expect(await stranger.ask('review:withdraw', { caseId })).toMatchObject(refused('not-found'));

  const view = await taken(zhao);
  for (const kind of ['bill', 'contract'] as const) await accept(zhao, view, kind);
  const { reviewId } = view;
  const licence = paper(view, 'business-licence');
  await zhao.must('review:return-document', { reviewId, ...licence, reason: 'blurred', note: '' });
  await zhao.must('review:decide', { reviewId, seen: 1, decision: { is: 'returned', note: '' } });
  const returned = await phone.until(({ followed: one }) => one?.ahead?.at === 'returned' && one.ahead);
  expect(returned.papers).toEqual([{ kind: 'business-licence', reason: 'blurred', note: '' }]);
  await phone.must('review:fetch-back', { caseId });
  await phone.until(({ case: one, documents }) => one?.caseId === caseId && documents.length === 3);
  expect((await phone.upload(licence.documentId, await jpeg())).status).toBe(201);
  await phone.until(({ documents }) => documents.every(({ state }) => state.at !== 'returned'));
  await phone.must('review:send-ahead', { caseId });

  // Another phone of the same customer takes the code; the first only looks on.
  expect(await stranger.must('handover:take', { code })).toEqual({ is: 'following', caseId });
  await stranger.until(({ followed: one }) => one?.ahead?.mine);
  expect(await phone.ask('review:withdraw', { caseId })).toMatchObject(refused('not-found'));
  // The reviewer has it open when the customer takes it back.
  const again = await taken(zhao);
  await stranger.must('review:withdraw', { caseId });
  expect(await zhao.ask('review:accept-document', { reviewId, ...paper(again, 'business-licence') })).toMatchObject(
    refused('wrong-state'),
  );
  await zhao.until(({ reviews }) => reviews.counts?.mine === 0);
  expect(await rowsOf(zhao)).toEqual([]);
  const kiosk = await lab.kiosk();
  expect(await kiosk.must('handover:take', { code })).toEqual({ is: 'closed' });
});

test('what came back is put by again when its customer walks away, and refused words reach the kiosk', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const zhao = await lab.staff('zhao.lei');
  const { caseId, code } = await sent(lab, kiosk);
  const view = await taken(zhao);
  const { reviewId } = view;
  for (const kind of ['bill', 'contract'] as const) await accept(zhao, view, kind);
  const licence = paper(view, 'business-licence');
  await zhao.must('review:return-document', { reviewId, ...licence, reason: 'other', note: 'of 2019' });
  await zhao.must('review:decide', { reviewId, seen: 1, decision: { is: 'returned', note: '' } });
  const take = async () => {
    expect(await kiosk.must('handover:take', { code })).toEqual({ is: 'taken', caseId });
    await kiosk.until((shown) => shown.case?.caseId === caseId);
  };
  await take();
  await kiosk.must('case:abandon', { caseId, reason: 'idle' });
  await kiosk.until((shown) => shown.case === null);
  await take();
  // Another customer begins at the same kiosk, and a kiosk that is away for long.
  await startCase(kiosk);
  await take();
  await lab.lose(kiosk);
  lab.clock.jump(2 * MINUTE);
  await vi.waitUntil(async () => (await lab.app.parts.cases.kioskOf(caseId)) !== kiosk.kioskId, { timeout: 15_000 });
  await kiosk.open();
  await kiosk.until((shown) => shown.case === null);
  await take();
  await kiosk.until(stateOf(licence.documentId, 'returned'));
  expect((await kiosk.upload(licence.documentId, await jpeg())).status).toBe(201);
  await kiosk.until(({ documents }) => documents.every(({ state }) => state.at !== 'returned'));
  await kiosk.must('review:send-ahead', { caseId });
  // A week and more passes: the case is kept for its customer.
  lab.clock.jump(9 * 24 * 60 * MINUTE);
  const later = await lab.staff('zhao.lei');
  await taken(later);
  const decision = { is: 'refused', reason: 'not-eligible', note: 'The company is in liquidation' } as const;
  await later.must('review:decide', { reviewId, seen: 2, decision });
  await kiosk.open();
  expect(await kiosk.must('handover:take', { code })).toEqual({ ...decision, is: 'refused' });
});

test('a call about it that drops is brought back by its code too, and nobody takes the case away again', async () => {
  const lab = await startLab();
  const [kiosk, other] = [await lab.kiosk(1), await lab.kiosk(2)];
  const zhao = await lab.staff('zhao.lei');
  const chen = await lab.staff('chen.jing');
  const { caseId, code } = await sent(lab, kiosk);
  const view = await taken(zhao);
  for (const kind of PAPERS) await accept(zhao, view, kind);
  await zhao.must('review:decide', {
    reviewId: view.reviewId,
    seen: 1,
    decision: { is: 'accepted', note: '' },
  });
  await accept(chen, await taken(chen), 'bill');
  await kiosk.must('handover:take', { code });
  await kiosk.until(({ case: one }) => one?.step?.kind === 'person');
  await chen.must('queue:ready', {});
  await kiosk.must('queue:join', { caseId });
  const { callId } = await chen.must('call:accept', { offerId: (await ringing(chen)).offerId });
  await kiosk.until(({ case: one }) => one?.at === 'serving');
  await lab.lose(kiosk);
  lab.clock.jump(91_000);
  await chen.until(({ dropped }) => dropped.length === 1);
  await kiosk.open();
  expect(await chen.must('recall:ring', { callId })).toEqual({ is: 'rings' });
  const asked = await kiosk.until(({ recall }) => recall);

  expect(await other.must('handover:take', { code })).toEqual({ is: 'taken', caseId });
  await kiosk.until(({ recall }) => recall === null);
  await chen.until(({ dropped }) => dropped.length === 0);
  expect(await kiosk.ask('recall:answer', { recallId: asked.recallId, comes: true })).toMatchObject(refused('expired'));
  lab.clock.jump(RECALL_KEPT_MS + 1_000);
  // Twice what the server's clock loop takes: what is due has been done.
  await pause(1_500);
  expect(await lab.app.parts.cases.kioskOf(caseId)).toBe(other.kioskId);
  expect((await lab.journal({ kind: 'recall.' })).map(({ kind }) => kind)).not.toContain('recall.forgotten');
}, 60_000);

test('ten thousand reviews are listed a page at a time, the most urgent first', async () => {
  const lab = await startLab();
  const kiosk = await lab.kiosk();
  const chen = await lab.staff('chen.jing');
  const { caseId } = await sent(lab, kiosk);
  await lab.database.pool.query(
    `insert into reviews.review (id, kind, case_id, document_id, first_staff, round, service_id, state, since, sent_at, due_at, skills)
     select gen_random_uuid(), 'second', $1, (select id from documents.document where case_id = $1 limit 1),
       gen_random_uuid(), n, $2, 'open', 0, 0, 1000 + n, '{"corporate": 3}'
     from generate_series(1, 10000) n`,
    [caseId, BILL],
  );
  const began = performance.now();
  const first = await chen.must('review:list', { filter: 'open', after: null });
  const second = await chen.must('review:list', { filter: 'open', after: first.next });
  expect(performance.now() - began).toBeLessThan(4_000);
  expect(first.rows).toHaveLength(50);
  expect(second.rows).toHaveLength(50);
  const due = [...first.rows, ...second.rows].map((row) => row.dueAt);
  expect(due).toEqual(Array.from({ length: 100 }, (_, i) => 1001 + i));
  expect(new Set([...first.rows, ...second.rows].map((row) => row.reviewId)).size).toBe(100);
  expect(await chen.ask('review:list', { filter: 'open', after: "1' or 1=1" })).toMatchObject(refused('invalid-value'));
});
