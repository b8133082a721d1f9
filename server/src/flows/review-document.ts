import { type Corners, type DocumentId, Look, MAX_LOOKS, type UploadState } from '@openvtm/protocol';
import { Refusal } from '../kernel/errors.ts';
import type { Caller, Handlers, KioskCaller } from '../kernel/handler.ts';
import type { Works } from '../kernel/work.ts';
import type { PageWish, Upload } from '../modules/documents/index.ts';
import type { Parts } from './parts.ts';
import { callAtDesk } from './call-at-desk.ts';
import { expectReading } from './read-document.ts';
import { reviewOfPage } from './review-work.ts';
import { acceptInCall } from './second-review.ts';
import { requireInCall } from './serve-case.ts';

type Needs = Pick<Parts, 'audit' | 'calls' | 'cases' | 'documents' | 'queue' | 'reviews' | 'services'>;

/** The agent asks for a document, the kiosk's camera takes it, the agent accepts it or sends it back with a reason. */
export function reviewDocument(needs: Needs) {
  const { cases, documents, reviews } = needs;
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
      const { caseId } = await documents.whose(documentId);
      await requireInCall(needs, work, { caller, caseId });
      await documents.withdraw(work, documentId);
      await reviews.withdraw(work, { caseId, documentId });
      return {};
    },
    'document:done': async ({ caller, work }, { documentId }) => {
      await requireOwn(needs, caller, documentId);
      await documents.done(work, documentId);
      return {};
    },
    'document:not-at-hand': async ({ caller, work }, { documentId }) => {
      await requireOwn(needs, caller, documentId);
      await documents.notAtHand(work, documentId);
      return {};
    },
    'document:accept': async ({ caller, work }, { documentId, second = false }) => {
      await requireInCall(needs, work, { caller, caseId: (await documents.whose(documentId)).caseId });
      await acceptInCall(needs, work, { documentId, staffId: caller.id, second });
      return {};
    },
    'document:return': async ({ caller, work }, { documentId, reason, note }) => {
      const { caseId } = await documents.whose(documentId);
      await requireInCall(needs, work, { caller, caseId });
      await documents.sendBack(work, documentId, { staffId: caller.id, reason, note });
      // Whoever has it for a second look is told that there is nothing to decide.
      await reviews.withdraw(work, { caseId, documentId });
      return {};
    },
    'document:mask': async ({ caller, work }, { documentId, number, areas }) => {
      await requireInCall(needs, work, { caller, caseId: (await documents.whose(documentId)).caseId });
      await documents.mask(work, { documentId, number }, areas);
      return {};
    },
    'document:looks': async ({ caller }, { documentId }) => {
      const { caseId } = await documents.whose(documentId);
      const everywhere = caller.roles.some((role) => role === 'supervisor' || role === 'inspector');
      const mayLook =
        everywhere ||
        (await callAtDesk(needs, caller.id))?.caseId === caseId ||
        (await reviewOfPage(needs, caller.id, { caseId, documentId })) !== null;
      if (!mayLook) throw new Refusal('not-found', 'not a document of the case on this desk');
      return { looks: await looksAt(needs, documentId) };
    },
  } satisfies Partial<Handlers>;
}

/** Who has looked at a document: the journal's own lines. */
async function looksAt({ audit }: Pick<Parts, 'audit'>, documentId: string): Promise<Look[]> {
  const { lines } = await audit.page({ kind: 'document.viewed', about: documentId, limit: MAX_LOOKS });
  return lines.map(({ at, actor, data }) =>
    Look.parse({
      at,
      by: { kind: actor.kind, name: actor.name },
      page: data['page'],
      shape: data['shape'] ?? 'best',
      why: data['why'] ?? null,
      masked: data['masked'] === true,
    }),
  );
}

async function requireOwn(
  { documents }: Pick<Parts, 'documents'>,
  caller: KioskCaller,
  documentId: string,
): Promise<void> {
  if ((await documents.whose(documentId)).kioskId !== caller.id)
    throw new Refusal('not-found', "not this kiosk's document");
}

/** A piece of a file that a kiosk sends, or all of it. */
export type UploadPiece = Upload & {
  caller: KioskCaller;
  /** Where it begins in the file. */
  start: number;
  bytes: Buffer;
  /** Of the page in a picture, where its edges were found. */
  corners: Corners | null;
  /** The customer says that no further page follows. */
  last: boolean;
};

/**
 * A captured page arrives. A piece is acknowledged when it is on disk, encrypted, and its row committed; with the last
 * one the whole is checked against its digest, decoded and made a page, and only then answered. Whatever is sent again
 * is answered with how far it has come, and a whole upload sent again like the first.
 */
export async function uploadPage(
  needs: Pick<Parts, 'documents' | 'reading'>,
  works: Works,
  piece: UploadPiece,
): Promise<UploadState> {
  const { caller, documentId, start, bytes, size } = piece;
  const { documents } = needs;
  const by = { kind: 'kiosk', id: caller.id } as const;
  await requireOwn(needs, caller, documentId);
  const { done, received } = await documents.uploadState(piece);
  if (done) return { received: size, done };
  if (start !== received) return { received, done };
  const end = start + bytes.length;
  if (end < size) {
    const file = await documents.storePiece(bytes, start);
    const kept = await works.change(by, (work) =>
      documents.keepPiece(work, piece, { start, length: bytes.length, file }),
    );
    return { received: kept, done: false };
  }
  const before = await documents.gather(piece, start);
  if (!before) return { received: (await documents.uploadState(piece)).received, done: false };
  try {
    const pages = await documents.storePages(before.length > 0 ? Buffer.concat([before, bytes]) : bytes, piece);
    await works.change(by, async (work) => {
      const numbers = await documents.addPages(work, piece, pages);
      await expectReading(needs, work, { documentId, numbers });
    });
  } catch (error) {
    // What is no good as a whole does not become better by being sent on; a full disk becomes empty.
    if (before.length > 0 && error instanceof Refusal && error.code !== 'storage-full')
      await works.change(by, (work) => documents.drop(work, piece));
    throw error;
  }
  return { received: size, done: true };
}

/** How far an upload of this kiosk has come. */
export async function uploadState(
  needs: Pick<Parts, 'documents'>,
  { caller, documentId, uploadId }: { caller: KioskCaller; documentId: string; uploadId: string },
): Promise<UploadState> {
  await requireOwn(needs, caller, documentId);
  return needs.documents.uploadState({ documentId, uploadId });
}

/**
 * The picture of a page for somebody who may see it: the kiosk it was taken at while the case is open, or who has the
 * case on the desk. Staff get it with their name and the time in its pixels; who does not lead the call without what the
 * agent covered.
 */
export async function viewPage(
  needs: Pick<Parts, 'calls' | 'cases' | 'clock' | 'documents' | 'queue' | 'reviews' | 'staff'>,
  works: Works,
  wish: { caller: Caller } & PageWish,
): Promise<Uint8Array> {
  const { caller, ...page } = wish;
  const { caseId, kioskId } = await needs.documents.whose(page.documentId);
  if (caller.kind === 'kiosk') {
    const open = await needs.cases.kioskView(caller.id);
    if (kioskId !== caller.id || open?.caseId !== caseId) throw new Refusal('not-found', "not this kiosk's document");
    return needs.documents.page(works, { kioskId: caller.id }, page);
  }
  const call = await callAtDesk(needs, caller.id);
  const review =
    call?.caseId === caseId ? null : await reviewOfPage(needs, caller.id, { caseId, documentId: page.documentId });
  if (call?.caseId !== caseId && !review) throw new Refusal('not-found', 'not a document of the case on this desk');
  const person = await needs.staff.view(caller.id);
  if (!person) throw new Refusal('not-allowed', 'nobody of the staff');
  const stamp = `${person.name} ${person.username} ${shownTime(needs.clock())}`;
  // What the agent of the call covered is covered for a second reviewer, too; of a case sent ahead nobody covers anything.
  if (review) {
    const why = review.kind === 'ahead' ? 'pre-review' : 'second-review';
    return needs.documents.page(works, { staffId: caller.id, stamp, masked: true }, { ...page, why });
  }
  return needs.documents.page(works, { staffId: caller.id, stamp, masked: call?.staffId !== caller.id }, page);
}

/** To the minute, in the one zone that everybody can reckon from. */
const shownTime = (at: number) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
