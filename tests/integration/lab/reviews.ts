import type { CaseId, DocumentId, DocumentKind, In, ReviewId } from '@openvtm/protocol';
import { expect } from 'vitest';
import { creditCode, idNumber } from '../../sample-documents.ts';
import type { Lab } from './index.ts';
import type { LabKiosk } from './kiosk.ts';
import { jpeg } from './pictures.ts';
import type { LabStaff } from './staff.ts';
import { startCase } from './stories.ts';

export const BILL = 'bill-discount-pre-review' as In<'case:start'>['serviceId'];
export const COMPANY = "O'Neil 贸易有限公司";
export const FORM = {
  companyName: COMPANY,
  creditCode: creditCode('91110105MA00ABC12'),
  fullName: '王小明',
  idNumber: idNumber('11010519900307005'),
  phone: '13900139001',
  billNumber: '130158400001220260101123456789',
  amount: '50000000',
  dueDate: '2031-05-06',
};
export const PAPERS = ['bill', 'contract', 'business-licence'] as const;
export const MINUTE = 60_000;

/** Form filled and pictures taken: the case may be sent. */
export async function prepared(device: LabKiosk): Promise<CaseId> {
  const caseId = await startCase(device, { service: BILL, language: 'en' });
  for (const [name, value] of Object.entries(FORM)) await device.must('case:fill', { caseId, name, value });
  await device.must('case:pass', { caseId, step: 'form' });
  const step = await device.until(({ case: one }) => one?.step?.kind === 'ahead' && one.step);
  expect(step).toMatchObject({ dueMinutes: 240, returned: null });
  expect(step.captures.map(({ document }) => document)).toEqual(PAPERS);
  for (const one of step.captures) await photograph(device, caseId, one.step);
  return caseId;
}
export async function photograph(device: LabKiosk, caseId: CaseId, step: string): Promise<void> {
  const { documentId } = await device.must('document:begin', { caseId, step });
  expect((await device.upload(documentId, await jpeg())).status).toBe(201);
}
export async function sent(lab: Lab, device: LabKiosk) {
  const caseId = await prepared(device);
  const answer = await device.must('review:send-ahead', { caseId });
  expect(answer.dueAt - lab.clock.now()).toBeLessThanOrEqual(240 * MINUTE);
  return { caseId, ...answer };
}
export const rowsOf = async (who: LabStaff, filter: 'open' | 'mine' | 'today' = 'open') =>
  (await who.must('review:list', { filter, after: null })).rows;
export const firstOf = async (who: LabStaff) => {
  const [row] = await rowsOf(who);
  if (!row) throw new Error('the list is empty');
  return row;
};
export const viewed = async (who: LabStaff, reviewId: ReviewId) => {
  const { review } = await who.must('review:view', { reviewId });
  if (!review) throw new Error('not taken');
  return review;
};
export async function taken(who: LabStaff) {
  const { reviewId } = await firstOf(who);
  await who.must('review:take', { reviewId });
  return viewed(who, reviewId);
}
export type View = Awaited<ReturnType<typeof viewed>>;
export const paper = ({ documents }: View, kind: DocumentKind) => {
  const found = documents.find((one) => one.kind === kind);
  if (!found) throw new Error(`no ${kind}`);
  return { documentId: found.documentId, seen: found.pages.at(-1)?.round ?? 1 };
};
export const accept = (who: LabStaff, view: View, kind: DocumentKind) =>
  who.must('review:accept-document', { reviewId: view.reviewId, ...paper(view, kind) });
export const refused = (code: string) => ({ ok: false, error: { code } });
export const stateOf =
  (documentId: DocumentId, at: string) => (shown: { documents: { documentId: string; state: { at: string } }[] }) =>
    shown.documents.some((one) => one.documentId === documentId && one.state.at === at);
