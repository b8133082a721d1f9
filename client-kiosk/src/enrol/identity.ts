import { ChallengeOut, EnrolOut, kioskSignatureText, TokenOut, type KioskId } from '@openvtm/protocol';
import { HttpRefused, post } from './http.ts';
import { dropKey, loadKey, newKey, saveKey, type KioskKey } from './key.ts';

/** Why this device has no identity, for the enrolment screen's words. */
export type EnrolProblem = 'refused' | 'code-expired' | 'no-branch' | 'insecure' | 'storage' | 'offline' | 'failed';

/** Thrown by `openIdentity` and `enrol`. `ref` is the server's reference, or empty. */
export class NotEnrolled extends Error {
  readonly problem: EnrolProblem;
  readonly ref: string;
  constructor(problem: EnrolProblem, ref = '') {
    super(problem);
    this.problem = problem;
    this.ref = ref;
  }
}

/** This device's own identity: a key that never leaves the browser, known to the server by its public half. */
export interface Identity {
  /** The kiosk's id once enrolled; null before. */
  readonly kioskId: KioskId | null;
  /** Enrols with a one-time code; an older identity is given up only when the server has taken the new one. */
  enrol(code: string): Promise<void>;
  /** Enrols a customer's phone, which needs no code; null: at the only branch there is. Rejects with NotEnrolled. */
  visit(branchId: string | null): Promise<void>;
  /**
   * An access token that lives for at least half a minute; `fresh` when the one at hand was refused. Rejects with
   * HttpRefused when the server refuses this device.
   */
  token(options?: { fresh?: boolean }): Promise<string>;
}

const SPARE_MS = 30_000;
const BASE64URL: Record<string, string> = { '+': '-', '/': '_', '=': '' };
const base64url = (bytes: ArrayBuffer) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/[+/=]/g, (c) => BASE64URL[c] ?? '');

const orStorageProblem = () => {
  throw new NotEnrolled('storage');
};

/** Reads the stored identity. Rejects with NotEnrolled where the browser keeps no keys. */
export async function openIdentity(): Promise<Identity> {
  if (!globalThis.isSecureContext) throw new NotEnrolled('insecure');
  let key = await loadKey('enrolled').catch(orStorageProblem);
  let held: { token: string; until: number } | null = null;
  let asking: Promise<string> | null = null;

  async function prove(): Promise<string> {
    if (!key?.kioskId) throw new HttpRefused({ code: 'wrong-credentials', ref: '' });
    const { kioskId } = key;
    const { challenge } = await post('/api/kiosks/challenge', { kioskId }, ChallengeOut);
    const text = new TextEncoder().encode(kioskSignatureText(kioskId, challenge));
    const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key.privateKey, text);
    const answer = await post('/api/kiosks/token', { kioskId, challenge, signature: base64url(signature) }, TokenOut);
    held = { token: answer.accessToken, until: answer.expiresAt - SPARE_MS };
    return answer.accessToken;
  }

  // Kept before the code is spent: if the answer is lost, the next attempt brings the same key.
  async function pendingKey(): Promise<KioskKey> {
    const found = await loadKey('pending').catch(orStorageProblem);
    if (found) return found;
    const fresh = await newKey();
    await saveKey('pending', fresh).catch(orStorageProblem);
    return fresh;
  }

  /** `refusal`: what it means when the server does not take what was sent. */
  async function become(path: string, wish: Record<string, string>, refusal: EnrolProblem): Promise<void> {
    const pending = await pendingKey();
    try {
      const { kiosk } = await post(path, { ...wish, publicKey: pending.publicKey }, EnrolOut);
      key = { ...pending, kioskId: kiosk.kioskId };
      held = null;
    } catch (error) {
      if (!(error instanceof HttpRefused)) throw new NotEnrolled('offline');
      const isBad = ['expired', 'not-found', 'wrong-credentials', 'bad-request'].includes(error.code);
      throw new NotEnrolled(isBad ? refusal : 'failed', error.ref);
    }
    await saveKey('enrolled', key).catch(orStorageProblem);
    await dropKey('pending').catch(orStorageProblem);
  }

  return {
    get kioskId() {
      return key?.kioskId ?? null;
    },

    enrol: (code) => become('/api/kiosks/enrol', { code: code.trim() }, 'code-expired'),
    visit: (branchId) => become('/api/kiosks/visit', branchId === null ? {} : { branchId }, 'no-branch'),

    token({ fresh = false } = {}) {
      if (!fresh && held && Date.now() < held.until) return Promise.resolve(held.token);
      asking ??= prove().finally(() => {
        asking = null;
      });
      return asking;
    },
  };
}
