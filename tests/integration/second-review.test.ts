import type { DocumentId, DocumentKind, In } from '@openvtm/protocol';
import { expect, test } from 'vitest';
import { startLab, type Lab } from './lab/index.ts';
import { jpeg } from './lab/pictures.ts';
import { MINUTE, rowsOf, firstOf, taken, refused, stateOf } from './lab/reviews.ts';
import { finishCall, ringing, startCase } from './lab/stories.ts';

const OPENING = 'corporate-data-change' as In<'case:start'>['serviceId'];

async function inCall(lab: Lab, service = OPENING) {
  const kiosk = await lab.kiosk();
  const chen = await lab.readyAgent('chen.jing');
  const zhao = await lab.staff('zhao.lei');
  const caseId = await startCase(kiosk, { service });
  await kiosk.must('queue:join', { caseId });
  const { callId } = await chen.must('call:accept', { offerId: (await ringing(chen)).offerId });
  await chen.until(({ case: one }) => one?.at === 'serving');
  const ask = async (kind: DocumentKind): Promise<DocumentId> => {
    const { documentId } = await chen.must('document:ask', { caseId, kind, camera: 'document' });
    await kiosk.until(({ documents }) => documents.some((one) => one.documentId === documentId));
    expect((await kiosk.upload(documentId, await jpeg())).status).toBe(201);
    await chen.until(({ documents }) =>
      documents.some((one) => one.documentId === documentId && one.state.at === 'captured'),
    );
    return documentId;
  };
  return { kiosk, chen, zhao, caseId, callId, ask };
}
test('a business licence accepted in a call waits for a second person, and nothing is confirmed before', async () => {
  const lab = await startLab();
  const { kiosk, chen, zhao, caseId, callId, ask } = await inCall(lab);
  const documentId = await ask('business-licence');
  await chen.must('document:accept', { documentId });
  await kiosk.until(stateOf(documentId, 'provisional'));
  await chen.until(({ reviews }) => reviews.desk?.second[0]?.at === 'open');
  expect(await chen.ask('case:propose', { caseId, summary: 'an account' })).toMatchObject(refused('under-review'));
  expect(await chen.ask('document:accept', { documentId })).toMatchObject(refused('under-review'));
  // The first never is the second; whoever is in a call reviews nothing.
  expect(await rowsOf(chen)).toEqual([]);
  const row = await firstOf(zhao);
  expect(row).toMatchObject({ kind: 'second', document: 'business-licence' });
  expect(await chen.ask('review:take', { reviewId: row.reviewId })).toMatchObject(refused('wrong-state'));

  const view = await taken(zhao);
  await chen.until(({ reviews }) => reviews.desk?.second[0]?.by === '赵磊');
  expect((await zhao.page(documentId, 1)).status).toBe(200);
  expect((await lab.journal({ kind: 'document.viewed' })).at(-1)).toMatchObject({ data: { why: 'second-review' } });
  await zhao.must('review:return-document', {
    reviewId: view.reviewId,
    documentId,
    seen: 1,
    reason: 'cut-off',
    note: 'The stamp is missing',
  });
  // As any return.
  await kiosk.until(stateOf(documentId, 'returned'));
  await chen.until(({ reviews }) => reviews.desk?.second[0]?.at === 'returned');
  expect((await kiosk.upload(documentId, await jpeg())).status).toBe(201);
  await chen.until(stateOf(documentId, 'captured'));
  await chen.must('document:accept', { documentId });
  const again = await taken(zhao);
  expect(again.reviewId).not.toBe(view.reviewId);
  expect(await zhao.ask('review:accept-document', { reviewId: again.reviewId, documentId, seen: 1 })).toMatchObject(
    refused('conflict'),
  );
  // The agent sends it back meanwhile: the second has nothing to decide any more, and is told.
  await chen.must('document:return', { documentId, reason: 'blurred', note: '' });
  expect(await zhao.ask('review:accept-document', { reviewId: again.reviewId, documentId, seen: 2 })).toMatchObject(
    refused('wrong-state'),
  );
  expect((await kiosk.upload(documentId, await jpeg())).status).toBe(201);
  await chen.until(stateOf(documentId, 'captured'));
  await chen.must('document:accept', { documentId });
  const third = await taken(zhao);
  await zhao.must('review:accept-document', { reviewId: third.reviewId, documentId, seen: 3 });
  await kiosk.until(stateOf(documentId, 'accepted'));
  await chen.until(({ reviews }) => reviews.desk?.second[0]?.at === 'accepted' && reviews.desk.second[0].by === '赵磊');
  await chen.must('case:propose', { caseId, summary: 'an account' });
  await kiosk.until(({ case: one }) => one?.at === 'confirming');
  await kiosk.must('case:confirm', { caseId, agreed: true });
  await finishCall(chen, callId);
  await kiosk.until(({ case: one }) => one?.at === 'rating');
});

test('a second look is asked for by hand; a call that ends before it is not finished, and a closed case takes it off the list', async () => {
  const lab = await startLab();
  const { kiosk, chen, zhao, caseId, callId, ask } = await inCall(lab);
  const documentId = await ask('passport');
  await chen.must('document:accept', { documentId, second: true });
  await zhao.until(({ reviews }) => reviews.counts?.open === 1);
  lab.clock.jump(6 * MINUTE);
  expect((await firstOf(zhao)).dueAt).toBeLessThan(lab.clock.now());
  await chen.must('call:end', { callId });
  const alone = await kiosk.until(({ case: one }) => one?.at === 'alone' && one);
  expect(alone.caseId).toBe(caseId);
  const view = await taken(zhao);
  await kiosk.must('case:abandon', { caseId, reason: 'cancelled' });
  await zhao.until(({ reviews }) => reviews.counts?.mine === 0 && reviews.counts.open === 0);
  expect(await zhao.ask('review:accept-document', { reviewId: view.reviewId, documentId, seen: 1 })).toMatchObject(
    refused('wrong-state'),
  );
});
