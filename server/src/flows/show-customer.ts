import {
  maskValue,
  type CustomerPiece,
  type CustomerView,
  type KnownCustomer,
  type KnownFact,
} from '@openvtm/protocol';
import { Refusal } from '../kernel/errors.ts';
import type { Handlers, StaffCaller } from '../kernel/handler.ts';
import type { Works } from '../kernel/work.ts';
import type { AtBank } from '../modules/cases/index.ts';
import { CoreAway, type CoreAccount, type CoreProduct, type CoreProfile } from '../modules/core/index.ts';
import type { Parts } from './parts.ts';
import { requireInCall } from './serve-case.ts';

type Needs = Pick<Parts, 'calls' | 'cases' | 'chat' | 'clock' | 'core' | 'coreSimulator'>;

/** What the bank knows, by the names that services' forms use. A card only where the customer has just one. */
export function knownFacts(profile: CoreProfile, accounts: readonly CoreAccount[]): Map<KnownFact, string> {
  const cards = accounts.filter(({ state }) => state !== 'closed').flatMap((account) => account.cards);
  const card = cards.length === 1 ? cards[0]?.number : undefined;
  const facts: [KnownFact, string | null | undefined][] = [
    ['customer.name', profile.name],
    ['customer.idNumber', profile.idNumber],
    ['customer.phone', profile.phone],
    ['customer.email', profile.email],
    ['customer.address', profile.address],
    ['customer.occupation', profile.occupation],
    ['account.cardNumber', card],
    ['account.cardLast4', card?.slice(-4)],
  ];
  return new Map(facts.flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

type FromBank = { profile: CoreProfile; accounts: CoreAccount[]; products: CoreProduct[] };

/** The bank's customer with accounts; null: it knows no such customer. */
async function askCore(
  { core }: Pick<Parts, 'core'>,
  { customerId, withProducts = false }: { customerId: string; withProducts?: boolean },
): Promise<FromBank | null> {
  const [profile, accounts, products] = await Promise.all([
    core.customer(customerId),
    core.accounts(customerId),
    withProducts ? core.products(customerId) : [],
  ]);
  return profile && { profile, accounts, products };
}

/**
 * The bank's customer on an agent's desk, and in the form. The core is asked outside of any transaction, and nothing of
 * the answer is kept but what fills the form.
 */
export function showCustomer(needs: Needs, works: Works) {
  const { cases, core } = needs;
  const asker = (caller: { kind: 'kiosk' | 'staff'; id: string }) => ({ kind: caller.kind, id: caller.id });

  const atBank = (caller: StaffCaller, caseId: string): Promise<AtBank> =>
    works.change(asker(caller), async (work) => {
      await requireInCall(needs, work, { caller, caseId });
      return cases.atBank(work, caseId);
    });
  /** The customer's id at the bank; null: unknown there. */
  const idOf = async ({ customerId, who }: AtBank): Promise<string | null> => {
    if (customerId !== null || who === null) return customerId;
    return (await core.findCustomer(who))?.customerId ?? null;
  };
  const requireId = async (found: AtBank): Promise<string> => {
    const customerId = await idOf(found);
    if (customerId === null) throw new Refusal('not-found', 'the bank has no such customer');
    return customerId;
  };

  return {
    'customer:view': async ({ caller }, { caseId }): Promise<CustomerView> => {
      const found = await atBank(caller, caseId);
      if (found.customerId === null && found.who === null) return { is: 'unnamed' };
      const customerId = await idOf(found);
      if (customerId === null) return { is: 'unknown' };
      const [profile, accounts, products] = await Promise.all([
        core.customer(customerId),
        orAway(core.accounts(customerId)),
        orAway(core.products(customerId)),
      ]);
      if (profile === null) return { is: 'unknown' };
      await works.change(asker(caller), async (work) => {
        await requireInCall(needs, work, { caller, caseId });
        if (found.proved && found.customerId === null) await cases.knownAs(work, caseId, customerId);
        work.record({ kind: 'customer.viewed', about: { caseId }, data: { proved: found.proved } });
      });
      const known = knownFacts(profile, accounts.is === 'here' ? accounts.list : []);
      const past = await cases.pastOf(customerId, caseId);
      const outcomes = await needs.calls.outcomesOf(past.map((one) => one.caseId));
      const written = await needs.chat.countIn(past.map((one) => one.caseId));
      const [last] = past;
      return {
        is: 'known',
        proved: found.proved,
        simulated: needs.coreSimulator !== null,
        masked: masksOf(profile),
        birthYear: profile.birthDate.slice(0, 4),
        since: profile.since,
        segment: profile.segment,
        occupation: profile.occupation,
        riskLevel: riskOf(profile, needs.clock()),
        accounts: accounts.is === 'here' ? { is: 'here', list: accounts.list.map(maskedAccount) } : accounts,
        products: products.is === 'here' ? { is: 'here', list: products.list.map(maskedProduct) } : products,
        past: past.map(({ caseId: id, title, openedAt, closeReason }) => ({
          caseId: id,
          title,
          openedAt,
          closeReason,
          outcome: outcomes.get(id) ?? null,
          messages: written.get(id) ?? 0,
        })),
        preferences: last ? { language: last.language, print: last.print } : null,
        fills: found.empty.filter((fact) => known.has(fact)).length,
      };
    },

    'customer:reveal': async ({ caller }, { caseId, piece, reason }) => {
      const customerId = await requireId(await atBank(caller, caseId));
      const answer = await askCore(needs, { customerId, withProducts: piece === 'balances' });
      if (!answer) throw new Refusal('not-found', 'the bank has no such customer');
      await works.change(asker(caller), async (work) => {
        await requireInCall(needs, work, { caller, caseId });
        work.record({ kind: 'customer.revealed', about: { caseId }, data: { piece, reason } });
      });
      return { values: piecesOf(answer, piece) };
    },

    'customer:take-over': async ({ caller }, { caseId }) => {
      const found = await atBank(caller, caseId);
      if (!found.proved) throw new Refusal('wrong-state', 'it is not proved who the customer is');
      const customerId = await requireId(found);
      const answer = await askCore(needs, { customerId });
      if (!answer) throw new Refusal('not-found', 'the bank has no such customer');
      const known = knownFacts(answer.profile, answer.accounts);
      return works.change(asker(caller), async (work) => {
        await requireInCall(needs, work, { caller, caseId });
        await cases.knownAs(work, caseId, customerId);
        return { filled: await cases.takeOver(work, caseId, { staffId: caller.id, known }) };
      });
    },

    'case:fetch-known': async ({ caller }, { caseId, step }) => {
      const { customerId } = await works.change(asker(caller), async (work) => {
        await cases.ofKiosk(work, caller.id, caseId);
        return cases.toFetch(work, caseId, step);
      });
      const answer = await askCore(needs, { customerId });
      const known = answer ? knownFacts(answer.profile, answer.accounts) : new Map<KnownFact, string>();
      return works.change(asker(caller), async (work) => {
        await cases.ofKiosk(work, caller.id, caseId);
        return { filled: await cases.fetched(work, caseId, { step, known }) };
      });
    },
  } satisfies Partial<Handlers>;
}

type FromCore<T> = { is: 'here'; list: T[] } | { is: 'away' };

/** One list may be away while the rest is shown. */
async function orAway<T>(list: Promise<T[]>): Promise<FromCore<T>> {
  try {
    return { is: 'here', list: await list };
  } catch (error) {
    if (error instanceof CoreAway) return { is: 'away' };
    throw error;
  }
}

const HIDDEN = '••••';
/** Enough to recognise, not enough to use. */
const MASK: Record<Exclude<CustomerPiece, 'cards' | 'balances'>, (value: string) => string> = {
  name: (value) => ([...value][0] ?? '') + HIDDEN.slice(0, Math.max(1, Math.min(3, [...value].length - 1))),
  idNumber: maskValue,
  phone: maskValue,
  email: (value) => value.replace(/^(.).*(@.*)$/, `$1${HIDDEN}$2`),
  address: (value) => [...value].slice(0, 6).join('') + HIDDEN,
};

function plainOf({ name, idNumber, phone, email, address }: CoreProfile) {
  return { name, idNumber, phone, email, address };
}

function masksOf(profile: CoreProfile): KnownCustomer['masked'] {
  const plain = Object.entries(plainOf(profile)) as [keyof typeof MASK, string | null][];
  return Object.fromEntries(plain.flatMap(([piece, value]) => (value ? [[piece, MASK[piece](value)]] : [])));
}

function maskedAccount({ number, kind, class: accountClass, currency, state, openedOn, cards }: CoreAccount) {
  return {
    number: maskValue(number),
    kind,
    class: accountClass,
    currency,
    state,
    openedOn,
    cards: cards.map((card) => ({ ...card, number: maskValue(card.number) })),
  };
}

function maskedProduct({ amount, ...product }: CoreProduct) {
  return { ...product, hasAmount: amount !== null };
}

function piecesOf({ profile, accounts, products }: FromBank, piece: CustomerPiece) {
  if (piece === 'balances')
    return [
      ...accounts.map(({ number, balance }) => ({ key: maskValue(number), value: balance })),
      ...products.flatMap(({ productId, amount }) => (amount ? [{ key: productId, value: amount }] : [])),
    ];
  if (piece === 'cards')
    return accounts.flatMap(({ cards }) => cards.map(({ number }) => ({ key: maskValue(number), value: number })));
  const value = plainOf(profile)[piece];
  return value ? [{ key: 'value', value }] : [];
}

/** A risk assessment holds for twelve months. Source: 令2025年第7号. */
function riskOf({ riskLevel }: CoreProfile, now: number): KnownCustomer['riskLevel'] {
  if (!riskLevel) return null;
  const until = new Date(`${riskLevel.assessedOn}T00:00:00+08:00`);
  until.setUTCFullYear(until.getUTCFullYear() + 1);
  return { ...riskLevel, expired: until.getTime() <= now };
}
