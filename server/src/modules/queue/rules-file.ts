import { readFileSync } from 'node:fs';
import { QueueRules, type RulesFlaw } from '@openvtm/protocol';
import { readDataFile } from '../../kernel/data-file.ts';
import { flawsOf, type Asked } from './rules-flaws.ts';

/** Rules that can't be used: every mistake with its line and field. */
export class RulesError extends Error {
  override readonly name = 'RulesError';
  readonly flaws: readonly RulesFlaw[];
  constructor(file: string, flaws: readonly RulesFlaw[]) {
    super(
      flaws
        .map(({ line, field, words }) => `queue rules ${file}, line ${line}${field ? `, ${field}` : ''}: ${words}`)
        .join('\n'),
    );
    this.flaws = flaws;
  }
}

/** Reads rules as a person wrote them, or answers everything that is wrong with them. */
export function checkRules(text: string, asked: Asked): { rules: QueueRules } | { flaws: RulesFlaw[] } {
  const read = readDataFile(text, QueueRules, (rules) => flawsOf(rules, asked));
  return 'data' in read ? { rules: read.data } : { flaws: read.mistakes };
}

/** Reads rules; throws `RulesError`, which names `file`. */
export function readRules(file: string, text: string, asked: Asked): QueueRules {
  const read = checkRules(text, asked);
  if ('flaws' in read) throw new RulesError(file, read.flaws);
  return read.rules;
}

const SHIPPED = new URL('./rules/default.json', import.meta.url);
export const SHIPPED_NAME = 'default.json';
/** The rules in force until an administrator puts others in their place. */
export const shippedText = (): string => readFileSync(SHIPPED, 'utf8');
