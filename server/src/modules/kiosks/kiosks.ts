import { createHash, randomBytes, randomInt, randomUUID, webcrypto } from 'node:crypto';
import { kioskSignatureText, type BranchId, type KioskId, type KioskView } from '@openvtm/protocol';
import type { Database } from '../../kernel/db.ts';
import { ProtocolError, Refusal } from '../../kernel/errors.ts';
import type { Kiosks } from './index.ts';
import {
  allBranches,
  branchById,
  enrolKiosk,
  insertChallenge,
  onlyBranch,
  kioskById,
  kiosksOfBranch,
  saveBranch,
  saveCode,
  saveKiosk,
  setPrinter,
  setReaders,
  sweepChallenges,
  takeChallenge,
  takeCode,
  type PublicKey,
} from './kiosks.store.ts';

const CODE_MS = 24 * 3_600_000;
const CHALLENGE_MS = 60_000;
/** No 0 O 1 I L: a technician reads it from one screen and types it on another. */
const CODE_LETTERS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';

const tidyCode = (code: string) => code.toUpperCase().replace(/[^A-Z0-9]/g, '');
const hashOf = (code: string) => createHash('sha256').update(tidyCode(code)).digest();
const newCode = () =>
  Array.from(
    { length: 12 },
    (_, i) => (i > 0 && i % 4 === 0 ? '-' : '') + CODE_LETTERS[randomInt(CODE_LETTERS.length)],
  ).join('');

const ECDSA = { name: 'ECDSA', namedCurve: 'P-256' };
const requireKey = (key: PublicKey) =>
  importKey(key).catch(() => {
    throw new ProtocolError('bad-request', 'the public key is no point of P-256');
  });
const importKey = (key: PublicKey) => webcrypto.subtle.importKey('jwk', key, ECDSA, false, ['verify']);

const viewOf = (row: NonNullable<Awaited<ReturnType<typeof kioskById>>>): KioskView => ({
  kioskId: row.id as KioskId,
  name: row.name,
  kind: row.kind,
  branchId: row.branch_id,
  branch: row.branch,
  readers: row.readers,
  printer: row.printer,
});

const NO_READERS = { idCard: 'none', bankCard: 'none' } as const;

/** See `Kiosks` for each one's contract. */
export function createKiosks({ database }: { database: Database }): Kiosks {
  return {
    addBranch: async (work, branch) => void (await saveBranch(work.tx, branch)),

    async add(
      work,
      { id = randomUUID(), name, branchId, kind = 'floor', readers = NO_READERS, printer = 'none', code },
    ) {
      if (!(await branchById(work.tx, branchId))) throw new Refusal('not-found', 'no such branch');
      await saveKiosk(work.tx, {
        id,
        branch_id: branchId,
        name,
        kind,
        public_key: null,
        session_id: null,
        enrolled_at: null,
        readers,
        printer,
      });
      const text = code?.text ?? newCode();
      const expiresAt = work.now + CODE_MS;
      await saveCode(work.tx, {
        hash: hashOf(text),
        kiosk_id: id,
        expires_at: code ? null : expiresAt,
        reusable: code?.reusable ?? false,
        used_at: null,
      });
      work.record({ kind: 'kiosk.added', about: { kioskId: id } });
      return { kioskId: id, code: text, expiresAt };
    },

    async enrol(work, { code, publicKey }, openSession) {
      await requireKey(publicKey);
      const taken = await takeCode(work.tx, hashOf(code), work.now);
      if (!taken) throw new Refusal('expired', 'the enrolment code does not hold');
      const sessionId = await openSession(taken.kiosk_id);
      await enrolKiosk(work.tx, taken.kiosk_id, {
        public_key: publicKey,
        session_id: sessionId,
        enrolled_at: work.now,
      });
      work.record({ kind: 'kiosk.enrolled', about: { kioskId: taken.kiosk_id, sessionId } });
      const kiosk = await kioskById(work.tx, taken.kiosk_id);
      if (!kiosk) throw new Refusal('not-found', 'no such kiosk');
      return viewOf(kiosk);
    },

    async visit(work, { branchId, publicKey }, openSession) {
      await requireKey(publicKey);
      const branch = branchId ? await branchById(work.tx, branchId) : await onlyBranch(work.tx);
      if (!branch) throw new Refusal('not-found', 'no such branch');
      const id = randomUUID();
      const name = `手机 Phone ${id.slice(0, 4).toUpperCase()}`;
      await saveKiosk(work.tx, {
        id,
        branch_id: branch.id,
        name,
        kind: 'phone',
        public_key: publicKey,
        session_id: null,
        enrolled_at: null,
        readers: NO_READERS,
        printer: 'none',
      });
      const sessionId = await openSession(id);
      await enrolKiosk(work.tx, id, { public_key: publicKey, session_id: sessionId, enrolled_at: work.now });
      work.record({ kind: 'kiosk.visited', about: { kioskId: id, sessionId } });
      return {
        kioskId: id as KioskId,
        name,
        kind: 'phone',
        branchId: branch.id,
        branch: branch.name,
        readers: NO_READERS,
        printer: 'none',
      };
    },

    async setPrinter(work, kioskId, printer) {
      if ((await setPrinter(work.tx, kioskId, printer)).numUpdatedRows === 0n)
        throw new Refusal('not-found', 'no such kiosk');
      work.record({ kind: 'kiosk.printer-set', about: { kioskId }, data: { printer } });
    },
    async setReaders(work, kioskId, readers) {
      if ((await setReaders(work.tx, kioskId, readers)).numUpdatedRows === 0n)
        throw new Refusal('not-found', 'no such kiosk');
      work.record({ kind: 'kiosk.readers-set', about: { kioskId }, data: { ...readers } });
    },

    async challenge(work, kioskId) {
      const kiosk = await kioskById(work.tx, kioskId);
      if (!kiosk?.public_key) throw new Refusal('wrong-credentials', 'not enrolled');
      await sweepChallenges(work.tx, work.now);
      const nonce = randomBytes(32).toString('base64url');
      await insertChallenge(work.tx, { nonce, kiosk_id: kioskId, expires_at: work.now + CHALLENGE_MS });
      return nonce;
    },

    async prove(work, { kioskId, challenge, signature }) {
      const asked = await takeChallenge(work.tx, challenge);
      const kiosk = await kioskById(work.tx, kioskId);
      if (
        !asked ||
        asked.kiosk_id !== kioskId ||
        asked.expires_at < work.now ||
        !kiosk?.public_key ||
        !kiosk.session_id
      ) {
        throw new Refusal('wrong-credentials', 'no such challenge');
      }
      const key = await importKey(kiosk.public_key);
      const text = new TextEncoder().encode(kioskSignatureText(kioskId, challenge));
      const holds = await webcrypto.subtle.verify(
        { name: 'ECDSA', hash: 'SHA-256' },
        key,
        Buffer.from(signature, 'base64url'),
        text,
      );
      if (!holds) throw new Refusal('wrong-credentials', 'the signature does not hold');
      return kiosk.session_id;
    },

    branches: async () => (await allBranches(database)).map(({ id, name }) => ({ branchId: id as BranchId, name })),
    branch: async (id) => (await branchById(database, id))?.name ?? null,
    async view(id) {
      const kiosk = await kioskById(database, id);
      return kiosk ? viewOf(kiosk) : null;
    },
    ofBranch: async (branchId) =>
      (await kiosksOfBranch(database, branchId)).map(({ id, name }) => ({ kioskId: id as KioskId, name })),
  };
}
