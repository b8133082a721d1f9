import { createHash, randomUUID, webcrypto } from 'node:crypto';
import {
  kioskSignatureText,
  type ChallengeOut,
  type EnrolOut,
  type NewKioskOut,
  type KioskSnapshot,
  type TokenOut,
} from '@openvtm/protocol';
import type { z } from 'zod';
import type { Http } from './http.ts';
import { createLabLine, type LabLine } from './line.ts';

/** `uploadId`: of the take, else a new one. `sha256`: what is claimed of the bytes, else the truth. `range`: `Content-Range`. */
export type UploadWish = { uploadId?: string; sha256?: string; type?: string; range?: string; query?: string };
export type LabKiosk = LabLine<KioskSnapshot> & {
  readonly kioskId: string;
  /** Proves the kiosk's key anew when the token that it has is about to run out. */
  token(): Promise<string>;
  upload(documentId: string, bytes: Uint8Array, options?: UploadWish): Promise<Response>;
  /** Sends a file piece by piece, going on where the server says; the last answer. `until`: no further than this byte. */
  uploadInPieces(
    documentId: string,
    bytes: Uint8Array,
    options: UploadWish & { uploadId: string; piece: number; until?: number },
  ): Promise<Response>;
  uploadState(documentId: string, uploadId: string): Promise<Response>;
  page(documentId: string, number: number, shape?: string): Promise<Response>;
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

  const upload: LabKiosk['upload'] = async (documentId, bytes, options = {}) =>
    http.send('PUT', `/api/documents/${documentId}${options.query ?? ''}`, {
      token: await token(),
      bytes,
      headers: {
        'Idempotency-Key': options.uploadId ?? randomUUID(),
        'X-Content-SHA256': options.sha256 ?? sha256(bytes),
        'Content-Type': options.type ?? 'image/jpeg',
        ...(options.range === undefined ? {} : { 'Content-Range': options.range }),
      },
    });
  const uploadState: LabKiosk['uploadState'] = async (documentId, uploadId) =>
    http.send('GET', `/api/documents/${documentId}/uploads/${uploadId}`, { token: await token() });

  const line = createLabLine<KioskSnapshot>({ url, who: code ?? 'phone', roles: ['kiosk'], token });
  return Object.assign(line, {
    kioskId,
    token,
    upload,
    uploadState,
    async uploadInPieces(
      documentId: string,
      bytes: Uint8Array,
      options: UploadWish & { uploadId: string; piece: number; until?: number },
    ) {
      const { uploadId, piece, until = bytes.length } = options;
      let answer = await uploadState(documentId, uploadId);
      while (answer.ok) {
        const { received, done } = (await answer.clone().json()) as { received: number; done: boolean };
        if (done || received >= until) return answer;
        const end = Math.min(received + piece, bytes.length);
        const range = `bytes ${received}-${end - 1}/${bytes.length}`;
        answer = await upload(documentId, bytes.subarray(received, end), {
          sha256: sha256(bytes),
          ...options,
          range,
        });
      }
      return answer;
    },
    page: async (documentId: string, number: number, shape?: string) =>
      http.send('GET', `/api/documents/${documentId}/pages/${number}${shape ? `?shape=${shape}` : ''}`, {
        token: await token(),
      }),
  });
}

/** Another page of the same device, which has no line yet; the lab does not end it. */
export const secondTab = (kiosk: LabKiosk, url: string): LabLine<KioskSnapshot> =>
  createLabLine<KioskSnapshot>({ url, who: 'the second tab', roles: ['kiosk'], token: kiosk.token });

/** One more than the demonstration has, added by an administrator, whose token it is, and its line open. */
export async function addLabKiosk({
  token,
  ...needs
}: {
  url: string;
  http: Http;
  now(): number;
  token: string;
}): Promise<LabKiosk> {
  const { code } = await needs.http.json<z.infer<typeof NewKioskOut>>('POST', '/api/kiosks', {
    token,
    body: { name: 'Kiosk 3', branchId: '00000000-0000-4000-8000-000000000001' },
  });
  const kiosk = await enrolLabKiosk({ ...needs, code });
  await kiosk.open();
  return kiosk;
}
