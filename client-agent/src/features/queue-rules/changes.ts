/** One value that differs: `queues.personal.steps.1.seconds`; undefined: not there. */
export type Change = { path: string; before: unknown; after: unknown };

type Tree = Record<string, unknown>;
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;

/** Entries of a list go by their `id`, so that one put before the others is one change. */
function entriesOf(value: Tree): Map<string, unknown> {
  if (!Array.isArray(value)) return new Map(Object.entries(value));
  return new Map(
    value.map((one: unknown, i) => [isTree(one) && typeof one['id'] === 'string' ? one['id'] : String(i), one]),
  );
}

function walk(before: unknown, after: unknown, path: string): Change[] {
  if (!isTree(before) || !isTree(after) || Array.isArray(before) !== Array.isArray(after))
    return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }];
  const [old, fresh] = [entriesOf(before), entriesOf(after)];
  const below = (key: string) => (path === '' ? key : `${path}.${key}`);
  const changes = [...new Set([...old.keys(), ...fresh.keys()])].flatMap((key) =>
    walk(old.get(key), fresh.get(key), below(key)),
  );
  if (!Array.isArray(before)) return changes;
  // Which queue comes first decides where a ticket goes.
  const common = (list: Map<string, unknown>, other: Map<string, unknown>) =>
    [...list.keys()].filter((key) => other.has(key));
  const [orderBefore, orderAfter] = [common(old, fresh), common(fresh, old)];
  if (orderBefore.join(' ') === orderAfter.join(' ')) return changes;
  return [{ path: below('order'), before: orderBefore.join(', '), after: orderAfter.join(', ') }, ...changes];
}

/** Every value that differs between two texts of rules; null: one of them can't be read. Pure. */
export function changesOf(before: string, after: string): Change[] | null {
  try {
    return walk(JSON.parse(before), JSON.parse(after), '');
  } catch {
    return null;
  }
}

const MOST_LETTERS = 80;
/** A value as the file has it, cut off where it is long; null: it is not there. Pure. */
export function shownValue(value: unknown): string | null {
  if (value === undefined) return null;
  const text = JSON.stringify(value);
  return text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)}…` : text;
}
