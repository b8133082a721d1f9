import { CaseId, Corners, DocumentId } from '@openvtm/protocol';

/** A picture that the customer sent and that has not arrived yet. */
export type Unsent = {
  /** A UUID of this take: sent again it is the same page, where an equal picture under another id is a new one. */
  takeId: string;
  caseId: CaseId;
  documentId: DocumentId;
  /** JPEG, or on a phone a PNG, WebP or PDF that its owner chose. */
  picture: Blob;
  /** Of the page in the picture, where they were found. */
  corners: Corners | null;
  /** Another page follows. */
  more: boolean;
};

const NAME = 'openvtm-unsent';
const STORE = 'pictures';

function open(): Promise<IDBDatabase> {
  const { promise, resolve, reject } = Promise.withResolvers<IDBDatabase>();
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'takeId' });
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error ?? new Error('no storage'));
  request.onblocked = () => reject(new Error('the storage is in use'));
  return promise;
}

/** One change or look; resolves when it is on disk. Where the browser keeps nothing, a reload loses the picture and no more. */
async function inStore<T>(mode: IDBTransactionMode, job: (store: IDBObjectStore) => IDBRequest<T>): Promise<T | null> {
  const database = await open().catch(() => null);
  if (!database) return null;
  const { promise, resolve } = Promise.withResolvers<T | null>();
  const transaction = database.transaction(STORE, mode, { durability: 'strict' });
  const request = job(transaction.objectStore(STORE));
  transaction.oncomplete = () => resolve(request.result);
  transaction.onerror = () => resolve(null);
  transaction.onabort = () => resolve(null);
  return promise.finally(() => database.close());
}

/** What an older page of ours, or nobody of ours, has put there is left out. */
function isUnsent(one: unknown): one is Unsent {
  if (typeof one !== 'object' || one === null) return false;
  const { takeId, caseId, documentId, picture, corners, more }: Partial<Unsent> = one;
  return (
    typeof takeId === 'string' &&
    CaseId.safeParse(caseId).success &&
    DocumentId.safeParse(documentId).success &&
    picture instanceof Blob &&
    Corners.nullable().safeParse(corners).success &&
    typeof more === 'boolean'
  );
}
const all = async (): Promise<Unsent[]> => {
  const found: unknown[] = (await inStore('readonly', (store) => store.getAll())) ?? [];
  return found.filter(isUnsent);
};

/** Pictures on their way, kept over a reload in this browser's own storage, and wiped with the customer's session. */
export const unsent = {
  keep: async (one: Unsent): Promise<void> => void (await inStore('readwrite', (store) => store.put(one))),
  drop: async (takeId: string): Promise<void> => void (await inStore('readwrite', (store) => store.delete(takeId))),
  ofDocument: async (documentId: DocumentId): Promise<Unsent | null> =>
    (await all()).find((one) => one.documentId === documentId) ?? null,
  /** Wipes what is of another case, all with `null`. */
  async keepOnly(caseId: CaseId | null): Promise<void> {
    if (caseId === null) return void (await inStore('readwrite', (store) => store.clear()));
    for (const one of await all()) if (one.caseId !== caseId) await unsent.drop(one.takeId);
  },
};
