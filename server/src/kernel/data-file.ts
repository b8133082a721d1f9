import { findNodeAtLocation, parseTree, printParseErrorCode, type ParseError } from 'jsonc-parser';
import type { z } from 'zod';

export type Path = (string | number)[];
/** What a schema can't say is wrong with the data, and where. */
export type Flaw = { path: Path; words: string };
/** A mistake in a data file: its line from 1, the field as `a.0.b` (empty: the whole), and what is wrong. */
export type Mistake = { line: number; field: string; words: string };

type Issue = z.core.$ZodIssue;

/** What fits none of several shapes is told by the one that it comes nearest to: "invalid input" mends nothing. */
function nearestOf(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const [nearest] = issue.errors.toSorted((one, other) => one.length - other.length);
  if (!nearest || nearest.length === 0) return [issue];
  return nearest.flatMap((inner) => nearestOf({ ...inner, path: [...issue.path, ...inner.path] }));
}

/**
 * Reads JSON that people write, by its schema and by what `flawsOf` knows beside it. Answers the data, or every mistake
 * with the line that it stands in; what does not fit the schema is not looked at any further.
 */
export function readDataFile<T extends z.ZodType>(
  text: string,
  schema: T,
  flawsOf: (data: z.infer<T>) => Flaw[],
): { data: z.infer<T> } | { mistakes: Mistake[] } {
  const lineAt = (offset: number) => text.slice(0, offset).split('\n').length;
  const broken: ParseError[] = [];
  const tree = parseTree(text, broken, { disallowComments: true, allowTrailingComma: false });
  if (!tree || broken.length > 0) {
    const found = broken.map(({ error, offset }) => ({
      line: lineAt(offset),
      field: '',
      words: `not JSON: ${printParseErrorCode(error)}`,
    }));
    return { mistakes: found.length > 0 ? found : [{ line: 1, field: '', words: 'empty' }] };
  }

  /** Where a path is, or the deepest part of it that is there: a missing key is shown at what it is missing from. */
  const lineOf = (path: Path): number => {
    for (let length = path.length; length > 0; length -= 1) {
      const node = findNodeAtLocation(tree, path.slice(0, length));
      if (node) return lineAt(node.offset);
    }
    return 1;
  };

  const read = schema.safeParse(JSON.parse(text));
  if (!read.success) {
    const mistakes = read.error.issues.flatMap(nearestOf).map((issue) => {
      const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
      const unknown = issue.code === 'unrecognized_keys' ? issue.keys : [];
      const at = unknown[0] === undefined ? path : [...path, unknown[0]];
      const words = unknown.length > 0 ? `unknown key ${unknown.join(', ')}` : issue.message;
      return { line: lineOf(at), field: path.join('.'), words };
    });
    return { mistakes };
  }
  const mistakes = flawsOf(read.data).map(({ path, words }) => ({ line: lineOf(path), field: path.join('.'), words }));
  return mistakes.length > 0 ? { mistakes } : { data: read.data };
}
