import { createHash, webcrypto } from 'node:crypto';
import { plainAddPlaceholder } from '@signpdf/placeholder-plain';
import { Signer, SignPdf } from '@signpdf/signpdf';
import { SUBFILTER_ETSI_CADES_DETACHED } from '@signpdf/utils';
import * as asn1 from 'asn1js';
import * as pki from 'pkijs';
import type { SealCertificate } from './seal-certificate.ts';

/** Puts a time stamp of an authority on a signature; null: none is configured. */
export type Stamp = ((signature: Buffer) => Promise<{ token: Buffer; at: number }>) | null;

const RSA = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
/** Bytes that a signature with its certificates and its time stamp may take. */
const ROOM = 16_384;

const OID = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  timeStampToken: '1.2.840.113549.1.9.16.2.14',
};

export const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
/** A buffer of its own, as ASN.1 readers want it. */
export const whole = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer;

/** Seals a PDF with this server's certificate (PAdES baseline B; T with a time stamp). Throws what `stamp` throws. */
export async function sealPdf(
  pdf: Buffer,
  needs: { certificate: SealCertificate; stamp: Stamp; at: number; reason: string },
): Promise<{ pdf: Buffer; stampedAt: number | null }> {
  const { certificate, stamp, at, reason } = needs;
  const signer = new PadesSigner(certificate, stamp);
  const placed = plainAddPlaceholder({
    pdfBuffer: pdf,
    reason,
    contactInfo: '',
    name: 'OpenVTM',
    location: '',
    signingTime: new Date(at),
    signatureLength: ROOM,
    subFilter: SUBFILTER_ETSI_CADES_DETACHED,
    widgetRect: [0, 0, 0, 0],
  });
  const sealed = await new SignPdf().sign(placed, signer);
  return { pdf: sealed, stampedAt: signer.stampedAt };
}

/** The time stands in the PDF's own dictionary and not among the signed attributes, as PAdES asks. */
class PadesSigner extends Signer {
  readonly #certificate: SealCertificate;
  readonly #stamp: Stamp;
  stampedAt: number | null = null;
  constructor(certificate: SealCertificate, stamp: Stamp) {
    super();
    this.#certificate = certificate;
    this.#stamp = stamp;
  }

  override async sign(bytes: Buffer): Promise<Buffer> {
    const { chain, key } = this.#certificate;
    const certificates = chain.map((der) => pki.Certificate.fromBER(whole(der)));
    const [own] = certificates;
    const [ownDer] = chain;
    if (!own || !ownDer) throw new Error('no certificate to seal with');
    const digest = sha256(bytes);
    const signerInfo = new pki.SignerInfo({
      version: 1,
      sid: new pki.IssuerAndSerialNumber({ issuer: own.issuer, serialNumber: own.serialNumber }),
      signedAttrs: new pki.SignedAndUnsignedAttributes({
        type: 0,
        attributes: [
          attribute(OID.contentType, new asn1.ObjectIdentifier({ value: OID.data })),
          attribute(OID.messageDigest, new asn1.OctetString({ valueHex: whole(digest) })),
          attribute(OID.signingCertificateV2, signingCertificate(ownDer)),
        ],
      }),
    });
    const signed = new pki.SignedData({
      version: 1,
      encapContentInfo: new pki.EncapsulatedContentInfo({ eContentType: OID.data }),
      signerInfos: [signerInfo],
      certificates,
    });
    const privateKey = await webcrypto.subtle.importKey('pkcs8', key, RSA, false, ['sign']);
    await signed.sign(privateKey as Parameters<typeof signed.sign>[0], 0, 'SHA-256', whole(bytes));
    if (this.#stamp) {
      const { token, at } = await this.#stamp(Buffer.from(signerInfo.signature.valueBlock.valueHexView));
      this.stampedAt = at;
      signerInfo.unsignedAttrs = new pki.SignedAndUnsignedAttributes({
        type: 1,
        attributes: [attribute(OID.timeStampToken, asn1.fromBER(whole(token)).result)],
      });
    }
    const content = new pki.ContentInfo({ contentType: OID.signedData, content: signed.toSchema(true) });
    return Buffer.from(content.toSchema().toBER(false));
  }
}

const attribute = (type: string, value: asn1.AsnType) => new pki.Attribute({ type, values: [value] });

/** ESS signing-certificate-v2: SHA-256 is its default and therefore not named. */
const signingCertificate = (der: Buffer) =>
  new asn1.Sequence({
    value: [
      new asn1.Sequence({
        value: [new asn1.Sequence({ value: [new asn1.OctetString({ valueHex: whole(sha256(der)) })] })],
      }),
    ],
  });

export { OID };
