import { randomUUID } from 'node:crypto';
import { RequestId, requests, type RequestName, type Role } from '@openvtm/protocol';
import { REQUEST_NAMES, SAMPLES } from './samples.ts';

/** A small generator of numbers from a seed (mulberry32): the same seed gives the same messages. */
export function createDice(seed: number) {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n: number) => Math.floor(next() * n);
  return { below, chance: (p: number) => next() < p, of: <T>(list: readonly T[]): T => list[below(list.length)]! };
}
export type Dice = ReturnType<typeof createDice>;

/** One message as it goes on the wire: the event's name and all that follows it. */
export type Hostile = { name: unknown; args: unknown[]; answered: boolean };

const deep = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));
const own = (key: string, value: unknown) => JSON.parse(`{${JSON.stringify(key)}:${JSON.stringify(value)}}`) as object;

/** What stands where a right value should. */
const odd = (dice: Dice, ids: readonly string[]): unknown =>
  dice.of<() => unknown>([
    () => null,
    () => undefined,
    () => true,
    () => 0,
    () => -1,
    () => 0.5,
    () => 1e308,
    () => Number.MAX_SAFE_INTEGER + 2,
    () => Number.NaN,
    () => '',
    () => ' ',
    () => 'x'.repeat(dice.of([61, 2_001, 20_000])),
    () => '\u0000',
    () => 'a\u0000b',
    () => '\ud800',
    () => '\u202e王小明\u{1f600}',
    () => '${7*7}{{7*7}}<script>alert(1)</script>',
    () => "'; drop table cases.case; --",
    () => '../../../etc/passwd',
    () => '00000000-0000-0000-0000-000000000000',
    () => randomUUID(),
    () => randomUUID().toUpperCase(),
    () => dice.of(ids),
    () => [],
    () => [dice.of(ids), dice.of(ids)],
    () => ({}),
    () => own('__proto__', { isAdmin: true, length: 1e9 }),
    () => own('constructor', { prototype: { x: 1 } }),
    () => ({ toString: 'x', valueOf: 1, toJSON: null, then: 'y', length: -1 }),
    () => deep(dice.of([3, 300, 3_000])),
    () => Buffer.alloc(dice.of([0, 1, 500]), 0xff),
    () => Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`k${i}`, i])),
  ])();

/** As an own property, whatever its name. */
const put = (object: object, key: string, value: unknown) =>
  void Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });

const isPlain = (value: unknown): value is Record<string, unknown> =>
  Array.isArray(value) ||
  (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype);

/** Changes one thing somewhere inside of a value, in place. */
function spoil(value: Record<string, unknown>, dice: Dice, ids: readonly string[]): void {
  const keys = Object.keys(value);
  if (keys.length === 0) {
    put(value, dice.of(['x', 'caseId', '0']), odd(dice, ids));
    return;
  }
  const key = dice.of(keys);
  const inside = value[key];
  if (isPlain(inside) && dice.chance(0.6)) {
    spoil(inside, dice, ids);
    return;
  }
  if (dice.chance(0.25)) delete value[key];
  else put(value, key, odd(dice, ids));
}

const WRONG_NAMES = [
  '',
  ' ',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'case:',
  ':start',
  'case:start ',
  'CASE:START',
  'case:start\u0000',
  'line:kiosk-snapshot',
  'queue:agent-changed',
  'message',
  'ping',
  'error',
  'x'.repeat(20_000),
  0,
  -1,
  1e21,
];

/** A message made of a right one with its ids taken from `ids`, spoiled in one or more places, or as it is. */
export function hostileMessage(dice: Dice, ids: Record<string, readonly string[]>): Hostile {
  const name = dice.of(REQUEST_NAMES);
  const every = Object.values(ids).flat();
  const data = SAMPLES[name]();
  for (const key of Object.keys(data)) {
    const known = ids[key];
    if (known && known.length > 0 && dice.chance(0.7)) data[key] = dice.of(known);
  }
  const message: Hostile = { name, args: [data, { id: randomUUID() }], answered: true };
  const faults = dice.below(3);
  for (let i = 0; i < faults; i += 1) {
    dice.of<() => void>([
      () => spoil(data, dice, every),
      () => spoil(data, dice, every),
      () => spoil(data, dice, every),
      () => put(data, dice.of(['extra', 'id', 'kioskId', 'staffId', 'role']), odd(dice, every)),
      () => put(data, '__proto__', { caseId: dice.of(every), isAdmin: true }),
      () => void (message.args[0] = odd(dice, every)),
      () => void (message.args[1] = odd(dice, every)),
      () => void (message.args[1] = { id: odd(dice, every) }),
      () => void message.args.splice(dice.below(2), 1),
      () => void message.args.push(odd(dice, every), odd(dice, every)),
      () => void (message.name = dice.of<unknown>(WRONG_NAMES)),
      () => void (message.answered = false),
      () => undefined,
    ])();
  }
  return message;
}

/** What arrives of it, as JSON takes it there. */
const arrived = (value: unknown): unknown =>
  value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);

/** Whether the protocol lets these roles ask just this. */
export function isAllowed({ name, args }: Hostile, roles: readonly Role[]): boolean {
  if (typeof name !== 'string' || !Object.hasOwn(requests, name)) return false;
  const definition = requests[name as RequestName];
  if (!definition.from.some((role: Role) => roles.includes(role))) return false;
  const [data, meta] = JSON.parse(JSON.stringify(args)) as unknown[];
  if (!definition.in.safeParse(arrived(data)).success) return false;
  return !definition.changes || RequestId.safeParse((meta as { id?: unknown } | null | undefined)?.id).success;
}
