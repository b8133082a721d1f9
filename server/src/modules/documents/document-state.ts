export type DocumentAt =
  | 'asked'
  | 'collecting'
  | 'captured'
  | 'provisional'
  | 'accepted'
  | 'returned'
  | 'not-at-hand'
  | 'withdrawn';
/**
 * `page`: one came and more follow; `capture`: the last one came; `done`: those that came are all; `accept-first`: by one
 * of two; `accept`: by the only one, or by the second.
 */
export type DocumentEvent =
  | 'page'
  | 'capture'
  | 'done'
  | 'accept-first'
  | 'accept'
  | 'return'
  | 'not-at-hand'
  | 'withdraw';

/** Where the customer is asked for pictures. */
const WANTED: ReadonlySet<DocumentAt> = new Set(['asked', 'collecting', 'returned']);

/** The life of an asked-for document. Pure; `null` means "not from here". What is accepted or withdrawn stays so. */
export function nextDocument(at: DocumentAt, event: DocumentEvent): DocumentAt | null {
  switch (event) {
    case 'page':
      return WANTED.has(at) ? 'collecting' : null;
    case 'capture':
      return WANTED.has(at) ? 'captured' : null;
    case 'done':
      return at === 'collecting' ? 'captured' : null;
    case 'accept-first':
      return at === 'captured' ? 'provisional' : null;
    case 'accept':
      return at === 'captured' || at === 'provisional' ? 'accepted' : null;
    case 'return':
      return at === 'captured' || at === 'provisional' ? 'returned' : null;
    case 'not-at-hand':
      return at === 'asked' || at === 'returned' ? 'not-at-hand' : null;
    case 'withdraw':
      return at === 'accepted' || at === 'withdrawn' ? null : 'withdrawn';
    default:
      return event satisfies never;
  }
}
