import { randomBytes } from 'node:crypto';
import * as asn1 from 'asn1js';
import * as pki from 'pkijs';
import { sha256, whole } from './seal.ts';

/** The time-stamp authority did not answer, or not so that it can be used. */
export class StampMissing extends Error {
  override readonly name = 'StampMissing';
}

const SHA256 = '2.16.840.1.101.3.4.2.1';
const ANSWER_WITHIN_MS = 10_000;
const GRANTED = new Set([0, 1]);

/** Asks an authority for a time stamp (RFC 3161) over HTTP. Throws `StampMissing`. */
export function createStamp({ url, answerWithinMs = ANSWER_WITHIN_MS }: { url: string; answerWithinMs?: number }) {
  return async (signature: Buffer): Promise<{ token: Buffer; at: number }> => {
    const imprint = sha256(signature);
    const nonce = randomBytes(8);
    // Positive, so that every authority reads the same number.
    nonce.writeUInt8((nonce.readUInt8() & 0x7f) | 0x01);
    const ask = new pki.TimeStampReq({
      version: 1,
      messageImprint: new pki.MessageImprint({
        hashAlgorithm: new pki.AlgorithmIdentifier({ algorithmId: SHA256 }),
        hashedMessage: new asn1.OctetString({ valueHex: whole(imprint) }),
      }),
      nonce: new asn1.Integer({ valueHex: whole(nonce) }),
      certReq: true,
    });
    let answer: Response;
    let bytes: Uint8Array;
    try {
      answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
        body: Buffer.from(ask.toSchema().toBER(false)),
        redirect: 'error',
        signal: AbortSignal.timeout(answerWithinMs),
      });
      bytes = new Uint8Array(await answer.arrayBuffer());
    } catch (error) {
      throw new StampMissing(`${url} did not answer`, { cause: error });
    }
    if (!answer.ok) throw new StampMissing(`${url} answered with ${answer.status}`);
    try {
      const response = pki.TimeStampResp.fromBER(whole(bytes));
      if (!GRANTED.has(response.status.status) || !response.timeStampToken)
        throw new Error(`it refused (status ${response.status.status})`);
      const info = await readStamp(response.timeStampToken, signature);
      if (!info.nonce || !Buffer.from(info.nonce.valueBlock.valueHexView).equals(nonce))
        throw new Error('it answers another question');
      return { token: Buffer.from(response.timeStampToken.toSchema().toBER(false)), at: info.genTime.getTime() };
    } catch (error) {
      throw new StampMissing(`${url} gave no time stamp: ${(error as Error).message}`, { cause: error });
    }
  };
}

/** What a time-stamp token says of these bytes; throws, with why, when it does not hold. */
export async function readStamp(token: pki.ContentInfo, stamped: Buffer): Promise<pki.TSTInfo> {
  const signed = new pki.SignedData({ schema: token.content });
  const content = signed.encapContentInfo.eContent;
  if (!content) throw new Error('it is empty');
  const info = pki.TSTInfo.fromBER(whole(new Uint8Array(content.getValue())));
  if (!Buffer.from(info.messageImprint.hashedMessage.valueBlock.valueHexView).equals(sha256(stamped)))
    throw new Error('it is of something else');
  const { signatureVerified } = await signed.verify({
    signer: 0,
    data: whole(stamped),
    checkChain: false,
    extendedMode: true,
  });
  if (!signatureVerified) throw new Error('its own signature is wrong');
  return info;
}
