import type { z } from 'zod';
import {
  contract,
  type CoreAccount,
  type CoreCustomer,
  type CoreOutcome,
  type CoreProduct,
  type CoreProfile,
  type CoreVerb,
} from './contract.ts';

/** The core did not answer, or not so that it can be understood: what was asked may or may not have happened. */
export class CoreAway extends Error {
  override readonly name = 'CoreAway';
  /** Told as `unavailable`. */
  readonly code = 'ECONNABORTED';
}

export type Instruction = {
  instructionId: string;
  operation: string;
  customerId: string;
  data: Record<string, string>;
};

/** The bank's core as OpenVTM sees it. Every verb may throw `CoreAway`. */
export type CoreConnector = {
  /** Whether a simulator answers: said wherever its answers are shown. */
  about(): Promise<{ name: string; simulator: boolean }>;
  findCustomer(by: { idNumber: string; name: string }): Promise<CoreCustomer | null>;
  /** What the bank knows of its customer; null: no such customer (any more). */
  customer(customerId: string): Promise<CoreProfile | null>;
  accounts(customerId: string): Promise<CoreAccount[]>;
  products(customerId: string): Promise<CoreProduct[]>;
  sendText(message: { customerId: string; text: string }): Promise<void>;
  /** Safe to ask again with the same instruction. */
  carryOut(instruction: Instruction): Promise<CoreOutcome>;
};

const away = () => Promise.reject(new CoreAway('no core is configured'));
/** In the place of a core where there is none: services that ask it are not offered then. */
export const noCore: CoreConnector = {
  about: away,
  findCustomer: away,
  customer: away,
  accounts: away,
  products: away,
  sendText: away,
  carryOut: away,
};

/** Less than the dispatcher's ten seconds, so that who waits gets this answer and not a time-out. */
const ANSWER_WITHIN_MS = 5_000;

type Verb<V extends CoreVerb> = { verb: V; body: z.input<(typeof contract)[V]['in']>; key?: string };

export function createCoreConnector(needs: { url: string; token: string; answerWithinMs?: number }): CoreConnector {
  const { url, token, answerWithinMs = ANSWER_WITHIN_MS } = needs;

  const ask = async <V extends CoreVerb>({
    verb,
    body,
    key,
  }: Verb<V>): Promise<z.output<(typeof contract)[V]['out']>> => {
    let answer: Response;
    let json: unknown;
    try {
      answer = await fetch(new URL(`/v1/${verb}`, url), {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${token}`,
          ...(key ? { 'idempotency-key': key } : {}),
        },
        body: JSON.stringify(body),
        redirect: 'error',
        signal: AbortSignal.timeout(answerWithinMs),
      });
      json = answer.ok ? await answer.json() : null;
    } catch (error) {
      throw new CoreAway(`${verb}: no answer`, { cause: error });
    }
    if (!answer.ok) throw new CoreAway(`${verb}: answered with ${answer.status}`);
    const read = contract[verb].out.safeParse(json);
    // What the answer held stays out of the words: it may be personal.
    if (!read.success) throw new CoreAway(`${verb}: the answer does not fit the contract`);
    return read.data as z.output<(typeof contract)[V]['out']>;
  };

  return {
    about: () => ask({ verb: 'about', body: {} }),
    findCustomer: async (by) => (await ask({ verb: 'find-customer', body: by })).customer,
    customer: async (customerId) => (await ask({ verb: 'customer', body: { customerId } })).customer,
    accounts: async (customerId) => (await ask({ verb: 'accounts', body: { customerId } })).accounts,
    products: async (customerId) => (await ask({ verb: 'products', body: { customerId } })).products,
    sendText: async (message) => void (await ask({ verb: 'send-text', body: message })),
    carryOut: (instruction) => ask({ verb: 'carry-out', body: instruction, key: instruction.instructionId }),
  };
}
