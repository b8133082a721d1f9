import { z } from 'zod';
import { Instant, KioskId } from './ids.ts';
import { Text } from './texts.ts';

/** `phone`: the customer's own device, which enrols itself; what must be proved in person is never done on it. */
export const KioskKind = z.enum(['floor', 'tablet', 'phone']);
export type KioskKind = z.infer<typeof KioskKind>;

/**
 * How a kiosk reads a card: a reader that types like a keyboard and ends with Enter, one at a serial port, the document
 * camera (2D codes), or, in a demonstration, a simulator. Kiosks of this version drive `keyboard` and `simulator`.
 */
export const ReaderVia = z.enum(['none', 'keyboard', 'serial', 'camera', 'simulator']);
export type ReaderVia = z.infer<typeof ReaderVia>;
/** Also the body of PUT /api/kiosks/:kioskId/readers (administrator); the kiosk knows with its next line. */
export const KioskReaders = z.object({ idCard: ReaderVia, bankCard: ReaderVia });
export type KioskReaders = z.infer<typeof KioskReaders>;

/** Whether what a reader reads may be typed too: `always`, or only where no reader is there or in order. */
export const ReadTyping = z.enum(['always', 'without-reader']);
export type ReadTyping = z.infer<typeof ReadTyping>;

/**
 * What a kiosk prints with: the browser's own printing (a page printer; started with `--kiosk-printing` it asks nothing), or
 * in a demonstration a simulator.
 */
export const PrinterVia = z.enum(['none', 'browser', 'simulator']);
export type PrinterVia = z.infer<typeof PrinterVia>;
/** The body of PUT /api/kiosks/:kioskId/printer (administrator). */
export const KioskPrinter = z.object({ printer: PrinterVia });

export const KioskView = z.object({
  kioskId: KioskId,
  name: z.string(),
  kind: KioskKind,
  branchId: z.uuid(),
  branch: Text,
  readers: KioskReaders,
  printer: PrinterVia,
});
export type KioskView = z.infer<typeof KioskView>;

const B64 = z.string().regex(/^[A-Za-z0-9_-]{1,200}$/);
/** The public half of the kiosk's own P-256 key; the private half never leaves its browser (non-extractable). */
export const KioskPublicKey = z.object({ kty: z.literal('EC'), crv: z.literal('P-256'), x: B64, y: B64 });

/** POST /api/kiosks/enrol: a one-time code against the kiosk's public key. */
export const EnrolIn = z.object({ code: z.string().trim().min(4).max(40), publicKey: KioskPublicKey });
export const EnrolOut = z.object({ kiosk: KioskView });
/** POST /api/kiosks/visit: a customer's phone becomes a device of a branch, without a code. Without `branchId`: of the only branch there is. */
export const VisitIn = z.object({ branchId: z.uuid().optional(), publicKey: KioskPublicKey });
/** POST /api/kiosks/challenge. The challenge lives 60 s and works once. */
export const ChallengeIn = z.object({ kioskId: KioskId });
export const ChallengeOut = z.object({ challenge: B64 });
/** POST /api/kiosks/token: ECDSA P-256 SHA-256 over the UTF-8 bytes of `openvtm-kiosk:<kioskId>:<challenge>`, base64url of r||s (as WebCrypto gives it). */
export const TokenIn = z.object({ kioskId: KioskId, challenge: B64, signature: B64 });
export const TokenOut = z.object({ accessToken: z.string(), expiresAt: Instant });
/** POST /api/kiosks (administrator): a new kiosk with a one-time enrolment code that lives 24 h. */
export const NewKioskIn = z.object({
  name: z.string().trim().min(1).max(60),
  branchId: z.uuid(),
  kind: KioskKind.exclude(['phone']).default('floor'),
  readers: KioskReaders.default({ idCard: 'none', bankCard: 'none' }),
  printer: PrinterVia.default('none'),
});
export const NewKioskOut = z.object({ kioskId: KioskId, code: z.string(), expiresAt: Instant });

export const kioskSignatureText = (kioskId: string, challenge: string) => `openvtm-kiosk:${kioskId}:${challenge}`;
