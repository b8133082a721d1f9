export type DocumentAt = 'asked' | 'captured' | 'accepted' | 'returned' | 'not-at-hand' | 'withdrawn';
export type DocumentEvent = 'capture' | 'accept' | 'return' | 'not-at-hand' | 'withdraw';

/** The life of an asked-for document. Pure; `null` means "not from here". What is accepted or withdrawn stays so. */
export function nextDocument(at: DocumentAt, event: DocumentEvent): DocumentAt | null {
  switch (event) {
    case 'capture':
      return at === 'asked' || at === 'returned' ? 'captured' : null;
    case 'accept':
      return at === 'captured' ? 'accepted' : null;
    case 'return':
      return at === 'captured' ? 'returned' : null;
    case 'not-at-hand':
      return at === 'asked' || at === 'returned' ? 'not-at-hand' : null;
    case 'withdraw':
      return at === 'accepted' || at === 'withdrawn' ? null : 'withdrawn';
    default:
      return event satisfies never;
  }
}
