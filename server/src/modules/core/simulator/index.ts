import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { CoreBehaviour, CoreQuestion } from '@openvtm/protocol';
import type { z } from 'zod';
import { contract, type CoreAccount, type CoreOutcome, type CoreProfile, type CoreVerb } from '../contract.ts';
import { simulatedCustomers, type SimulatedCustomer } from './customers.ts';
import { operations } from './operations.ts';

export type CoreSimulator = {
  readonly url: string;
  /** Texts sent to customers' phones, newest last. */
  readonly texts: readonly { customerId: string; text: string }[];
  /** How often each instruction acted. */
  readonly acted: ReadonlyMap<string, number>;
  /** What it was told last. */
  readonly behaviour: CoreBehaviour;
  /** `only`: to this question, to all others as usual; `times`: so often, then as usual again. */
  tell(behaviour: CoreBehaviour, times?: number, only?: CoreQuestion): void;
  /** May be called twice. */
  close(): Promise<void>;
};

const MOST_BYTES = 64 * 1024;
const KEPT_TEXTS = 100;

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > MOST_BYTES) throw new Error('too large');
    chunks.push(chunk as Buffer);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

const same = (given: string, right: string) =>
  given.length === right.length && timingSafeEqual(Buffer.from(given), Buffer.from(right));

const birthDateOf = ({ idNumber }: SimulatedCustomer) =>
  `${idNumber.slice(6, 10)}-${idNumber.slice(10, 12)}-${idNumber.slice(12, 14)}`;

function profileOf(customer: SimulatedCustomer): CoreProfile {
  const { customerId, name, idNumber, phone, email, address, occupation, since, segment, riskLevel } = customer;
  return {
    customerId,
    name,
    idNumber,
    phone,
    email,
    address,
    occupation,
    birthDate: birthDateOf(customer),
    since,
    segment,
    riskLevel,
  };
}

function accountOf(account: SimulatedCustomer['accounts'][number]): CoreAccount {
  return {
    number: account.number,
    kind: 'savings',
    class: account.class ?? '1',
    currency: 'CNY',
    balance: (account.balance / 100).toFixed(2),
    state: account.state,
    openedOn: account.openedOn ?? '2015-06-01',
    cards: [
      {
        number: account.card,
        kind: 'debit',
        state: account.state === 'lost' ? 'lost' : 'active',
        validUntil: '2031-12',
      },
    ],
  };
}

/** A bank's core on loopback that speaks the contract, keeps its customers in memory, and can be told to misbehave. */
export async function startCoreSimulator({ token }: { token: string }): Promise<CoreSimulator> {
  const customers = simulatedCustomers();
  const byId = (id: string) => customers.find(({ customerId }) => customerId === id);
  const texts: { customerId: string; text: string }[] = [];
  const answers = new Map<string, CoreOutcome>();
  const acted = new Map<string, number>();
  let behaviour: CoreBehaviour = { is: 'usual' };
  let left = Infinity;
  let question: CoreQuestion | null = null;

  const carryOut = (body: z.infer<(typeof contract)['carry-out']['in']>): CoreOutcome => {
    const known = answers.get(body.instructionId);
    if (known) return known;
    const customer = byId(body.customerId);
    const operation = operations[body.operation];
    acted.set(body.instructionId, (acted.get(body.instructionId) ?? 0) + 1);
    const answer: CoreOutcome = !customer
      ? { state: 'refused', reason: 'unknown-customer' }
      : operation
        ? operation(customer, body.data, `SIM-${body.instructionId.slice(0, 8).toUpperCase()}`)
        : { state: 'refused', reason: 'unknown-operation' };
    answers.set(body.instructionId, answer);
    return answer;
  };

  const verbs: { [V in CoreVerb]: (body: z.output<(typeof contract)[V]['in']>) => unknown } = {
    about: () => ({ name: 'OpenVTM core simulator', simulator: true }),
    'find-customer': ({ idNumber, name }) => {
      const found = customers.find((one) => one.idNumber === idNumber && one.name === name);
      if (!found) return { customer: null };
      const { customerId, phone, segment } = found;
      return { customer: { customerId, name, phoneEnd: phone.slice(-4), birthDate: birthDateOf(found), segment } };
    },
    customer: ({ customerId }) => {
      const found = byId(customerId);
      return { customer: found ? profileOf(found) : null };
    },
    accounts: ({ customerId }) => ({ accounts: byId(customerId)?.accounts.map(accountOf) ?? [] }),
    products: ({ customerId }) => ({ products: byId(customerId)?.products ?? [] }),
    'send-text': (message) => {
      texts.push(message);
      texts.splice(0, texts.length - KEPT_TEXTS);
      return {};
    },
    'carry-out': carryOut,
  };

  const usual = async (request: IncomingMessage): Promise<{ status: number; body: unknown }> => {
    const verb = request.url?.match(/^\/v1\/([a-z-]+)$/)?.[1] ?? '';
    if (!same(request.headers.authorization ?? '', `Bearer ${token}`)) return { status: 401, body: {} };
    if (request.method !== 'POST' || !Object.hasOwn(contract, verb)) return { status: 404, body: {} };
    const name = verb as CoreVerb;
    const read = contract[name].in.safeParse(await bodyOf(request).catch(() => null));
    if (!read.success) return { status: 400, body: {} };
    return { status: 200, body: (verbs[name] as (body: unknown) => unknown)(read.data) };
  };

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    // Only an order can be refused. What is not meant is answered as usual, and counts for nothing.
    const meant = behaviour.is === 'refusing' ? 'carry-out' : question;
    const now: CoreBehaviour = meant === null || request.url === `/v1/${meant}` ? behaviour : { is: 'usual' };
    if (now === behaviour) left -= 1;
    if (left <= 0) behaviour = { is: 'usual' };
    if (now.is === 'silent') return;
    if (now.is === 'slow') await pause(now.ms);
    const { status, body } =
      now.is === 'failing'
        ? { status: 500, body: {} }
        : now.is === 'refusing'
          ? { status: 200, body: { state: 'refused', reason: now.reason } }
          : await usual(request);
    if (now.is === 'cut-off') return void request.socket.destroy();
    response.writeHead(status, { 'content-type': 'application/json', 'x-simulator': 'openvtm' });
    response.end(now.is === 'talking-nonsense' ? '<html>' : JSON.stringify(body));
  };

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  let closed: Promise<void> | null = null;

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    texts,
    acted,
    get behaviour() {
      return behaviour;
    },
    tell(next, times = Infinity, only) {
      behaviour = next;
      question = only ?? null;
      left = times;
    },
    close: () =>
      (closed ??= new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      })),
  };
}
