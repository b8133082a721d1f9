import type { KioskId } from '@openvtm/protocol';
import { onPhone } from './place.ts';

/** This device's key pair as IndexedDB keeps it. `kioskId` is null until the server has taken the public half. */
export type KioskKey = {
  kioskId: KioskId | null;
  privateKey: CryptoKey;
  publicKey: { kty: 'EC'; crv: 'P-256'; x: string; y: string };
};

/** `enrolled` is the device's identity; `pending` was sent with a code and not yet answered. */
type Slot = 'enrolled' | 'pending';

// A phone page and a kiosk in one browser are two devices.
const DATABASE = onPhone ? 'openvtm-phone' : 'openvtm-kiosk';
const STORE = 'keys';

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

async function withStore<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  const database = await settled(opening);
  try {
    const transaction = database.transaction(STORE, mode);
    const done = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
    });
    const [result] = await Promise.all([settled(act(transaction.objectStore(STORE))), done]);
    return result;
  } finally {
    database.close();
  }
}

/** The key in a slot, or null. The private half is cloned as it is, not extractable: no script can read its bytes. */
export async function loadKey(slot: Slot): Promise<KioskKey | null> {
  const found: KioskKey | undefined = await withStore('readonly', (store) => store.get(slot));
  return found ?? null;
}

export async function saveKey(slot: Slot, key: KioskKey): Promise<void> {
  await withStore('readwrite', (store) => store.put(key, slot));
}

export async function dropKey(slot: Slot): Promise<void> {
  await withStore('readwrite', (store) => store.delete(slot));
}

/** A fresh ECDSA P-256 pair whose private half cannot be exported. */
export async function newKey(): Promise<KioskKey> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
  const { x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey);
  if (x === undefined || y === undefined) throw new Error('the browser made a key without coordinates');
  return { kioskId: null, privateKey: pair.privateKey, publicKey: { kty: 'EC', crv: 'P-256', x, y } };
}
