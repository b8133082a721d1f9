import { X509Certificate } from 'node:crypto';
import * as asn1 from 'asn1js';
import * as pki from 'pkijs';
import { OID, sha256, whole } from './seal.ts';
import { readStamp } from './time-stamp.ts';

/** What one signature of a PDF is worth. */
export type Finding = {
  /** Who signed, as the certificate names it. */
  by: string;
  /** SHA-256 of the certificate, by which one recognises it. */
  certificate: string;
  selfSigned: boolean;
  /** ms; null: no time stamp. */
  stampedAt: number | null;
  /** Whether it is the certificate that was said to be trusted; null: none was said. */
  trusted: boolean | null;
  /** What is wrong, in words; empty: nothing. */
  wrong: string[];
};

const RANGE = /\/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]/g;

/** Checks every signature of a PDF, without asking anybody. No signature at all is an empty list. */
export async function verifyPdf(pdf: Buffer, options: { trusted?: Buffer | null } = {}): Promise<Finding[]> {
  const text = pdf.toString('latin1');
  const ranges = [...text.matchAll(RANGE)].map(
    ([, ...numbers]) => numbers.map(Number) as [number, number, number, number],
  );
  const last = Math.max(...ranges.map(([, , from, length]) => from + length));
  return Promise.all(
    ranges.map((range) =>
      verifyOne(pdf, { range, isLast: range[2] + range[3] === last, trusted: options.trusted ?? null }),
    ),
  );
}

type One = { range: [number, number, number, number]; isLast: boolean; trusted: Buffer | null };

async function verifyOne(pdf: Buffer, { range, isLast, trusted }: One): Promise<Finding> {
  const [start, first, from, length] = range;
  const finding: Finding = { by: '', certificate: '', selfSigned: false, stampedAt: null, trusted: null, wrong: [] };
  const wrong = (words: string) => void finding.wrong.push(words);
  if (start !== 0 || from <= first || from + length > pdf.length) {
    wrong('the signature does not say which bytes it is of: the file was cut or patched');
    return finding;
  }
  if (isLast && from + length < pdf.length)
    wrong(`${pdf.length - from - length} bytes were added after the signature, which does not cover them`);
  const signedBytes = Buffer.concat([pdf.subarray(0, first), pdf.subarray(from, from + length)]);
  let signed: pki.SignedData;
  try {
    const hex = pdf.subarray(first, from).toString('latin1').replace(/^</, '').replace(/>$/, '');
    if (!/^[0-9a-f]+$/i.test(hex)) throw new Error('no hexadecimal');
    signed = new pki.SignedData({ schema: pki.ContentInfo.fromBER(whole(Buffer.from(hex, 'hex'))).content });
  } catch {
    wrong('the signature itself can’t be read: it was damaged');
    return finding;
  }
  const certificate = signed.certificates?.find((one): one is pki.Certificate => one instanceof pki.Certificate);
  const info = signed.signerInfos[0];
  if (!certificate || !info) {
    wrong('the signature names no certificate');
    return finding;
  }
  const der = Buffer.from(certificate.toSchema(true).toBER(false));
  const shown = new X509Certificate(der);
  finding.by = shown.subject.replaceAll('\n', ', ');
  finding.certificate = sha256(der).toString('hex');
  finding.selfSigned = shown.subject === shown.issuer;
  finding.trusted = trusted && trusted.equals(der);
  if (trusted && !finding.trusted) wrong('it was sealed with another certificate than the trusted one');

  const attributes = info.signedAttrs?.attributes ?? [];
  const digest = bytesOf(attributes, OID.messageDigest);
  if (!digest?.equals(sha256(signedBytes))) wrong('the text of the file was changed after it was sealed');
  const bound = boundCertificate(attributes);
  if (!bound) wrong('the signature does not bind its certificate (no signing-certificate-v2): it is not PAdES');
  else if (!bound.equals(sha256(der))) wrong('the certificate in the signature is not the one that made it');
  if (!(await holds(signed, signedBytes, digest))) wrong('the signature was not made by its certificate’s key');

  const token = info.unsignedAttrs?.attributes.find(({ type }) => type === OID.timeStampToken)?.values[0];
  if (token) {
    try {
      finding.stampedAt = (
        await readStamp(
          new pki.ContentInfo({ schema: token as never }),
          Buffer.from(info.signature.valueBlock.valueHexView),
        )
      ).genTime.getTime();
    } catch (error) {
      wrong(`the time stamp does not hold: ${(error as Error).message}`);
    }
  }
  const at = finding.stampedAt;
  if (at !== null && (at < shown.validFromDate.getTime() || at > shown.validToDate.getTime()))
    wrong('the certificate was not valid at the time of the stamp');
  return finding;
}

function bytesOf(attributes: readonly pki.Attribute[], type: string): Buffer | null {
  const value: unknown = attributes.find((one) => one.type === type)?.values[0];
  const view = (value as { valueBlock?: { valueHexView?: Uint8Array } } | undefined)?.valueBlock?.valueHexView;
  return view ? Buffer.from(view) : null;
}

/** SHA-256 of the certificate that the signature was made with, as signing-certificate-v2 names it; null: it names none so. */
function boundCertificate(attributes: readonly pki.Attribute[]): Buffer | null {
  let node: unknown = attributes.find((one) => one.type === OID.signingCertificateV2)?.values[0];
  // SigningCertificateV2 ⊃ certs ⊃ ESSCertIDv2 ⊃ certHash, which comes first where SHA-256 is not named.
  for (let depth = 0; depth < 2; depth += 1) node = childrenOf(node)[0];
  const hash = childrenOf(node).find((one): one is asn1.OctetString => one instanceof asn1.OctetString);
  return hash ? Buffer.from(hash.valueBlock.valueHexView) : null;
}

const childrenOf = (node: unknown): unknown[] => (node instanceof asn1.Sequence ? node.valueBlock.value : []);

/** Whether the key signed the attributes; that they fit the file is asked apart, so that one learns which of both is wrong. */
async function holds(signed: pki.SignedData, bytes: Buffer, digest: Buffer | null): Promise<boolean> {
  const { signerInfos, certificates = [] } = signed;
  const info = signerInfos[0];
  const certificate = certificates.find((one): one is pki.Certificate => one instanceof pki.Certificate);
  if (!info || !certificate || !digest) return false;
  try {
    const crypto = pki.getCrypto(true);
    const over = info.signedAttrs?.encodedValue ?? whole(bytes);
    return await crypto.verifyWithPublicKey(
      over,
      info.signature,
      certificate.subjectPublicKeyInfo,
      info.signatureAlgorithm,
      'SHA-256',
    );
  } catch {
    return false;
  }
}
