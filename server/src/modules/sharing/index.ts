import type { DataClass, Place, SharingView } from '@openvtm/protocol';
import type { Clock } from '../../kernel/clock.ts';
import { createSharing } from './sharing.ts';

/** One of the two who fill in a form together. */
export type Side = { kioskId: string } | { staffId: string };
export type SharedCall = { callId: string; caseId: string; kioskId: string; staffId: string };

/** The form as both fill it in during a call: where each is, and what is typed and not saved yet. Kept in memory alone. */
export type Sharing = {
  /** A call runs: its two sides may tell where they are. The same call again: nothing. */
  started(call: SharedCall): void;
  /** The call is over: both screens lose what they showed of the other. */
  ended(callId: string): void;
  /** The running call of one side. */
  callOf(side: Side): SharedCall | null;
  /** One side is at a field of this class, or (null) at none. Outside of a call: nothing. */
  at(side: Side, place: (Place & { class: DataClass }) | null): void;
  /** The agent asks the customer to fill in a field; forgotten when the customer is there. */
  ask(staffId: string, name: string): void;
  /** The side's line went, or came back as another page: it is at no field. */
  left(side: Side): void;
  /** What a side's screen shows; null: nothing. */
  viewOf(side: Side): SharingView | null;
  /** Told when a side's screen has something new to show, at most ten times a second each. Returns what stops it. */
  onChange(listener: (side: Side) => void): () => void;
  close(): void;
};

export type SharingNeeds = { clock: Clock };

export const openSharing = (needs: SharingNeeds): Sharing => createSharing(needs);
