import type { DocumentId, DocumentView, ReturnReason } from '@openvtm/protocol';

type Looked = { documentId: DocumentId; seen: number };
/** What whoever reviews without a call does with a document; each answers whether it was done. `seen`: the round looked at. */
export type Reviewing = {
  accepts(document: DocumentView): boolean;
  returns(document: DocumentView): boolean;
  accept(looked: Looked): Promise<boolean>;
  sendBack(looked: Looked & { reason: ReturnReason; note: string }): Promise<boolean>;
};
