import type { MessageChannel } from '@openvtm/protocol';
import { z } from 'zod';

/**
 * What a bank's message service speaks: `POST` of JSON to `/v1/send` with a bearer token and an `Idempotency-Key`; the same
 * key again sends once. Answered by JSON.
 */
export const messageContract = {
  in: z.object({
    channel: z.enum(['sms', 'email']),
    to: z.string().min(3).max(200),
    text: z.string().min(1).max(1_000),
  }),
  out: z.discriminatedUnion('state', [
    z.object({ state: z.literal('sent') }),
    /** The number or address takes no message. */
    z.object({ state: z.literal('refused') }),
  ]),
};

export type Message = { key: string; channel: MessageChannel; to: string; text: string };
/** Sends a message to a customer. `unanswered`: it may or may not have been sent. */
export type Messenger = { send(message: Message): Promise<'sent' | 'refused' | 'unanswered'> };

/** Less than the dispatcher's ten seconds. */
const ANSWER_WITHIN_MS = 5_000;

export function createMessenger(needs: { url: string; token: string; answerWithinMs?: number }): Messenger {
  const { url, token, answerWithinMs = ANSWER_WITHIN_MS } = needs;
  return {
    async send({ key, ...message }) {
      try {
        const answer = await fetch(new URL('/v1/send', url), {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            authorization: `Bearer ${token}`,
            'idempotency-key': key,
          },
          body: JSON.stringify(message),
          redirect: 'error',
          signal: AbortSignal.timeout(answerWithinMs),
        });
        const read = messageContract.out.safeParse(answer.ok ? await answer.json() : null);
        return read.success ? read.data.state : 'unanswered';
      } catch {
        return 'unanswered';
      }
    },
  };
}
