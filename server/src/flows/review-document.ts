import { createHash } from 'node:crypto';
import type { DocumentId } from '@openvtm/protocol';
import { Refusal } from '../kernel/errors.ts';
import type { Caller, Handlers, KioskCaller } from '../kernel/handler.ts';
import type { Works } from '../kernel/work.ts';
import type { Parts } from './parts.ts';
import { requireInCall } from './serve-case.ts';

type Needs = Pick<Parts, 'calls' | 'cases' | 'documents'>;

/** The agent asks for a document, the kiosk's camera takes it, the agent accepts it or sends it back with a reason. */
export function reviewDocument(needs: Needs) {
  const { cases, documents } = needs;
  return {
    'document:ask': async ({ caller, work }, { caseId, kind, camera }) => {
      await requireInCall(needs, work, { caller, caseId });
      const { kioskId } = await cases.brief(work, caseId);
      const documentId = await documents.ask(work, { caseId, kioskId, staffId: caller.id, kind, camera });
      return { documentId: documentId as DocumentId };
    },
    'document:begin': async ({ caller, work }, { caseId, step }) => {
      await cases.ofKiosk(work, caller.id, caseId);
      const wanted = await cases.captureStep(work, caseId, step);
      if (!wanted) throw new Refusal('not-found', 'no such capture step');
      const { document: kind, camera } = wanted;
      const documentId = await documents.ask(work, { caseId, kioskId: caller.id, staffId: null, kind, camera });
      return { documentId: documentId as DocumentId };
    },
    'document:put-off': async ({ caller, work }, { documentId }) => {
      await requireOwn(needs, caller, documentId);
      await documents.putOff(work, documentId);
      return {};
    },
    'document:withdraw': async ({ caller, work }, { documentId }) => {
      await requireInCall(needs, work, { caller, caseId: (await documents.whose(documentId)).caseId });
      await documents.withdraw(work, documentId);
      return {};
    },
    'document:not-at-hand': async ({ caller, work }, { documentId }) => {
      await requireOwn(needs, caller, documentId);
      await documents.notAtHand(work, documentId);
      return {};
    },
    'document:accept': async ({ caller, work }, { documentId }) => {
      await requireInCall(needs, work, { caller, caseId: (await documents.whose(documentId)).caseId });
      await documents.accept(work, documentId, caller.id);
      return {};
    },
    'document:return': async ({ caller, work }, { documentId, reason, note }) => {
      await requireInCall(needs, work, { caller, caseId: (await documents.whose(documentId)).caseId });
      await documents.sendBack(work, documentId, { staffId: caller.id, reason, note });
      return {};
    },
  } satisfies Partial<Handlers>;
}

async function requireOwn(
  { documents }: Pick<Parts, 'documents'>,
  caller: KioskCaller,
  documentId: string,
): Promise<void> {
  if ((await documents.whose(documentId)).kioskId !== caller.id)
    throw new Refusal('not-found', "not this kiosk's document");
}

/**
 * A captured picture arrives: first the file, encrypted and on disk, then the row that refers to it. The same upload
 * again (its id is the take's) is answered like the first; a digest that does not fit the bytes is refused, for the upload was cut.
 */
export async function uploadPage(
  needs: Pick<Parts, 'documents'>,
  works: Works,
  upload: { caller: KioskCaller; documentId: string; uploadId: string; bytes: Buffer; sha256: string },
): Promise<void> {
  const { caller, documentId, uploadId, bytes, sha256 } = upload;
  await requireOwn(needs, caller, documentId);
  const digest = createHash('sha256').update(bytes).digest('hex');
  if (digest !== sha256) throw new Refusal('invalid-value', 'the bytes do not fit their digest');
  if ((await needs.documents.expects(documentId, uploadId)) === 'known') return;
  const picture = await needs.documents.storePicture(bytes, { uploadId, uploadedSha256: digest });
  await works.change({ kind: 'kiosk', id: caller.id }, (work) => needs.documents.capture(work, documentId, picture));
}

/** The picture of a page for somebody who may see it: the kiosk it was taken at while the case is open, or the agent whose desk has the case. */
export async function viewPage(
  needs: Pick<Parts, 'calls' | 'cases' | 'documents' | 'queue'>,
  works: Works,
  wish: { caller: Caller; documentId: string; number: number },
): Promise<Uint8Array> {
  const { caller, documentId, number } = wish;
  const { caseId, kioskId } = await needs.documents.whose(documentId);
  if (caller.kind === 'kiosk') {
    const open = await needs.cases.kioskView(caller.id);
    if (kioskId !== caller.id || open?.caseId !== caseId) throw new Refusal('not-found', "not this kiosk's document");
    return needs.documents.page(works, { kioskId: caller.id }, { documentId, number });
  }
  const agent = await needs.queue.agent(caller.id);
  const call = agent?.callId ? await needs.calls.byId(agent.callId) : null;
  if (call?.caseId !== caseId) throw new Refusal('not-found', 'not a document of the case on this desk');
  return needs.documents.page(works, { staffId: caller.id }, { documentId, number });
}
