import type { DeskCase, ReadingView, Suggestion, SuggestionName } from '@openvtm/protocol';

/** Below this share a person looks twice. Of the sample pages' right readings nearly all are above it. */
const SURE = 0.85;
export const isUnsure = ({ confidence }: Suggestion): boolean => confidence < SURE;

/** May be put into the form: a field asks for it, nothing speaks against it, and it was not yet. */
export const canAccept = ({ field, check, accepted, compared }: Suggestion): boolean =>
  field !== null && check !== 'fails' && !(accepted && compared === 'matches');

/** What is accepted by one press: nothing in the form says otherwise, and it is sure. */
export const agreeing = (suggestions: readonly Suggestion[]): Suggestion[] =>
  suggestions.filter((one) => canAccept(one) && !one.accepted && one.compared !== 'differs' && !isUnsure(one));

/** The revision of the field on screen, up to which the agent has seen it. */
export const seenOf = ({ values }: Pick<DeskCase, 'values'>, { field }: Suggestion): number =>
  values.find(({ name }) => name === field)?.revision ?? 0;

/** Whether the customer has still to say yes to it. */
export const waitsFor = ({ values }: Pick<DeskCase, 'values'>, { field }: Suggestion): boolean =>
  values.some(({ name, settled }) => name === field && !settled);

/** Who somebody is: how these compare is said first, also when they could not be read. */
const WHO: readonly SuggestionName[] = ['idNumber', 'name'];

export type Verdict = { name: SuggestionName; says: 'matches' | 'differs' | 'empty' | 'not-readable' };
/** How ID number and name compare with the form, in the order in which an agent asks. */
export function verdictsOf({ suggestions, missing }: Pick<ReadingView, 'suggestions' | 'missing'>): Verdict[] {
  return WHO.flatMap((name): Verdict[] => {
    const read = suggestions.find((one) => one.name === name);
    if (read)
      return read.compared === null ? [] : [{ name, says: read.check === 'fails' ? 'not-readable' : read.compared }];
    return missing.includes(name) ? [{ name, says: 'not-readable' }] : [];
  });
}
