import type { KioskReaders, ReadFact, ReaderVia } from '@openvtm/protocol';

export type CardKind = 'id-card' | 'bank-card';
/** What a card says, by the facts that a service file may name in `reads`. */
export type CardFacts = Partial<Record<ReadFact, string>>;

/** Why nothing was read: each has its words on the screen, which say what to do. */
export type ReadFailure = 'unreadable' | 'no-card' | 'wrong-card' | 'broken';

export class NotRead extends Error {
  override readonly name = 'NotRead';
  readonly why: ReadFailure;
  constructor(why: ReadFailure) {
    super(`the card was not read: ${why}`);
    this.why = why;
  }
}

/** One reader for one kind of card, real or simulated. */
export interface CardReader {
  readonly kind: CardKind;
  /** It reads whenever a card is put on it; else the customer asks for it first. */
  readonly unasked: boolean;
  /** The next card. Rejects with NotRead, or with the signal's reason when it is aborted. */
  read(signal: AbortSignal): Promise<CardFacts>;
  /** May be called twice; what is being read ends with `broken`. */
  close(): void;
}

export const cardOf = (fact: ReadFact): CardKind => (fact.startsWith('id-card.') ? 'id-card' : 'bank-card');

/** How this kiosk reads the card that a fact stands on. */
export const viaOf = (readers: KioskReaders, kind: CardKind): ReaderVia =>
  kind === 'id-card' ? readers.idCard : readers.bankCard;
