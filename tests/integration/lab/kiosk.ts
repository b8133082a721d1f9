import { createHash, randomUUID, webcrypto } from 'node:crypto';
import {
  kioskSignatureText,
  type ChallengeOut,
  type EnrolOut,
  type KioskSnapshot,
  type TokenOut,
} from '@openvtm/protocol';
import type { z } from 'zod';
import type { Http } from './http.ts';
import { createLabLine, type LabLine } from './line.ts';

/** `uploadId`: of the take, else a new one. `sha256`: what is claimed of the bytes, else the truth. */
export type UploadWish = { uploadId?: string; sha256?: string; type?: string };
export type LabKiosk = LabLine<KioskSnapshot> & {
  readonly kioskId: string;
  /** Proves the kiosk's key anew when the token that it has is about to run out. */
  token(): Promise<string>;
  upload(documentId: string, bytes: Uint8Array, options?: UploadWish): Promise<Response>;
  page(documentId: string, number: number): Promise<Response>;
};

const ECDSA = { name: 'ECDSA', namedCurve: 'P-256' };
export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Makes a key as a kiosk's browser does: its private half can't be taken out. */
export async function newKioskKey() {
  const pair = await webcrypto.subtle.generateKey(ECDSA, false, ['sign', 'verify']);
  const { kty, crv, x, y } = await webcrypto.subtle.exportKey('jwk', pair.publicKey);
  const sign = async (kioskId: string, challenge: string) => {
    const text = new TextEncoder().encode(kioskSignatureText(kioskId, challenge));
    const signature = await webcrypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, pair.privateKey, text);
    return Buffer.from(signature).toString('base64url');
  };
  return { publicKey: { kty, crv, x, y }, sign };
}

/** A device that enrols with `code` and has no line yet. */
export async function enrolLabKiosk(needs: {
  url: string;
  http: Http;
  now(): number;
  /** null: a customer's phone, which needs none. */
  code: string | null;
}): Promise<LabKiosk> {
  const { url, http, now, code } = needs;
  const key = await newKioskKey();
  const { publicKey } = key;
  const enrolled =
    code === null
      ? await http.json<z.infer<typeof EnrolOut>>('POST', '/api/kiosks/visit', { body: { publicKey } })
      : await http.json<z.infer<typeof EnrolOut>>('POST', '/api/kiosks/enrol', { body: { code, publicKey } });
  const { kioskId } = enrolled.kiosk;
  let held: z.infer<typeof TokenOut> | null = null;

  const token = async () => {
    if (held && held.expiresAt - now() > 5_000) return held.accessToken;
    const { challenge } = await http.json<z.infer<typeof ChallengeOut>>('POST', '/api/kiosks/challenge', {
      body: { kioskId },
    });
    const signature = await key.sign(kioskId, challenge);
    held = await http.json<z.infer<typeof TokenOut>>('POST', '/api/kiosks/token', {
      body: { kioskId, challenge, signature },
    });
    return held.accessToken;
  };

  const line = createLabLine<KioskSnapshot>({ url, who: code ?? 'phone', roles: ['kiosk'], token });
  return Object.assign(line, {
    kioskId,
    token,
    async upload(documentId: string, bytes: Uint8Array, options: UploadWish = {}) {
      return http.send('PUT', `/api/documents/${documentId}`, {
        token: await token(),
        bytes,
        headers: {
          'Idempotency-Key': options.uploadId ?? randomUUID(),
          'X-Content-SHA256': options.sha256 ?? sha256(bytes),
          'Content-Type': options.type ?? 'image/jpeg',
        },
      });
    },
    page: async (documentId: string, number: number) =>
      http.send('GET', `/api/documents/${documentId}/pages/${number}`, { token: await token() }),
  });
}
