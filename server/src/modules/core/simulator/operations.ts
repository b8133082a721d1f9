import { fenOf } from '@openvtm/protocol';
import type { CoreOutcome } from '../contract.ts';
import type { SimulatedCustomer } from './customers.ts';

type Data = Record<string, string>;
type Operation = (customer: SimulatedCustomer, data: Data, reference: string) => CoreOutcome;

const refused = (reason: string): CoreOutcome => ({ state: 'refused', reason });
const done = (reference: string, facts: Record<string, string> = {}): CoreOutcome => ({
  state: 'done',
  reference,
  facts,
});
const yuan = (fen: number) => (fen / 100).toFixed(2);

/** The account that the data name by card number, its last four digits, or account number; else the first one. */
function accountOf(customer: SimulatedCustomer, data: Data) {
  const { cardNumber, cardLast4, accountNumber } = data;
  const { accounts } = customer;
  if (cardNumber) return accounts.find(({ card }) => card === cardNumber);
  if (cardLast4) return accounts.find(({ card }) => card.endsWith(cardLast4));
  if (accountNumber) return accounts.find(({ number }) => number === accountNumber);
  return accounts[0];
}

/** Takes an amount from an open account, or says why not. */
function take(
  customer: SimulatedCustomer,
  data: Data,
  then: (left: number, amount: number) => CoreOutcome,
): CoreOutcome {
  const account = accountOf(customer, data);
  const amount = fenOf(data['amount'] ?? '');
  if (!account) return refused('account-not-found');
  if (account.state !== 'open') return refused(`account-${account.state}`);
  if (amount === null) return refused('no-amount');
  if (amount > account.balance) return refused('insufficient-funds');
  account.balance -= amount;
  return then(account.balance, amount);
}

/** What the simulated core can do; each changes its customer, so that the next look finds it changed. */
export const operations: Record<string, Operation> = {
  'report-loss': (customer, data, reference) => {
    const account = accountOf(customer, data);
    if (!account) return refused('card-not-found');
    if (account.state === 'lost') return refused('already-lost');
    account.state = 'lost';
    return done(reference, { card: `**** ${account.card.slice(-4)}` });
  },
  /** The lost card is blocked, if it is not yet, and a new one is made for the same account. */
  'replace-card': (customer, data, reference) => {
    const account = accountOf(customer, data);
    if (!account) return refused('card-not-found');
    account.state = 'open';
    return done(reference, { card: `**** ${account.card.slice(-4)}` });
  },
  'release-loss': (customer, data, reference) => {
    const account = accountOf(customer, data);
    if (account?.state !== 'lost') return refused('not-lost');
    account.state = 'open';
    return done(reference, { card: `**** ${account.card.slice(-4)}` });
  },
  'update-phone': (customer, { newPhone }, reference) => {
    if (!newPhone) return refused('no-phone');
    customer.phone = newPhone;
    return done(reference);
  },
  'update-address': (customer, { address }, reference) => {
    if (!address) return refused('no-address');
    customer.address = address;
    return done(reference);
  },
  'change-limits': (customer, data, reference) => {
    const limit = fenOf(data['dailyLimit'] ?? '');
    if (limit === null) return refused('no-amount');
    if (limit > customer.dailyLimit) return refused('only-lower');
    customer.dailyLimit = limit;
    return done(reference, { dailyLimit: yuan(limit) });
  },
  'open-time-deposit': (customer, data, reference) =>
    take(customer, data, (left, amount) =>
      done(reference, { amount: yuan(amount), months: data['termMonths'] ?? '', left: yuan(left) }),
    ),
  'certificate-of-deposit': (customer, data, reference) => {
    const account = accountOf(customer, data);
    return account ? done(reference, { balance: yuan(account.balance) }) : refused('account-not-found');
  },
  statement: (_customer, _data, reference) => done(reference),
  'activate-dormant': (customer, data, reference) => {
    const account = accountOf(customer, data);
    if (account?.state !== 'dormant') return refused('not-dormant');
    account.state = 'open';
    return done(reference);
  },
  'sign-up-electronic-banking': (_customer, _data, reference) => done(reference),
  'buy-foreign-exchange': (customer, data, reference) =>
    take(customer, data, (left, amount) => done(reference, { amount: yuan(amount), left: yuan(left) })),
  /** A loan of up to twice the balance is granted at once, up to five times it is for a person to judge. */
  'apply-loan': (customer, data, reference) => {
    const amount = fenOf(data['amount'] ?? '') ?? 0;
    const balance = customer.accounts.reduce((sum, account) => sum + account.balance, 0);
    if (amount > 5 * balance) return refused('beyond-means');
    return done(reference, { decision: amount <= 2 * balance ? 'approved' : 'referred' });
  },
  'bind-benefit-card': (_customer, _data, reference) => done(reference),
};
