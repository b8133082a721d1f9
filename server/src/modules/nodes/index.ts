import type { Database } from '../../kernel/db.ts';
import type { Work } from '../../kernel/work.ts';
import { createNodes } from './nodes.ts';

/** A process that another one can ask. */
export type Node = { instance: string; address: string | null };

/** The processes that serve together: which of them are there, who holds which line, where each call's media are. */
export type Nodes = {
  /** This process. */
  readonly me: Node;
  /**
   * Is here from now on. Whoever was here under the same name is not any more; one that still says it is there stops the
   * start with `NameTaken`. `alone`: nobody else is here, so nobody's line is up anywhere.
   */
  enter(): Promise<{ alone: boolean }>;
  /**
   * Says that this one is still there and how many media workers it has, and takes those away that have not said so for 5 s; not before it has itself been
   * heard twice, for after an outage of the database everybody looks dead. `wasTakenAway`: another one held this one for
   * dead, and its lines for lost.
   */
  beat(): Promise<{ wasTakenAway: boolean }>;
  /** Nobody listens at this address any more: who was there is gone, if no beat of theirs came lately either. */
  suspect(address: string): Promise<void>;
  /** Whether another one is there that could take over what this one leaves. */
  others(): Promise<boolean>;
  /** New lines and new calls go elsewhere. */
  drain(): Promise<void>;
  /** Is gone from now on: the others take over at once. */
  leave(): Promise<void>;

  /** This process holds the subject's line. */
  lineOpened(work: Work, line: { subject: string; lineId: string }): Promise<void>;
  /** The subject has no line here any more; false: it has one in another process by now, or never had one here. */
  lineGone(work: Work, subject: string): Promise<boolean>;
  /** Whether the subject has a line, in whatever process; it does not go before the work ends. */
  lineHeld(work: Work, subject: string): Promise<boolean>;
  /** A stranded line is taken; false: its subject is back, or another process took it. */
  takeStranded(work: Work, line: { subject: string; lineId: string }): Promise<boolean>;
  /** Lines whose process is gone, 200 at most. */
  stranded(): Promise<{ subject: string; lineId: string }[]>;
  /** Everybody's line is down, of whatever process that is gone. */
  forgetStranded(work: Work): Promise<void>;
  /** Which process holds each of these lines; one that is down is not in it. */
  holders(subjects: readonly string[]): Promise<Map<string, Node>>;

  /**
   * Where the media of a call are: where they were, if that process is there, else where they are from now on. That is
   * here, unless another process has at least two rooms fewer per media worker, or this one drains.
   */
  claimRoom(callId: string): Promise<Node>;
  /** The room of one that does not answer is here from now on; false: it was not there any more. */
  takeRoom(callId: string, from: Node): Promise<boolean>;
  roomOf(callId: string): Promise<Node | null>;
  /** Every call's room whose process is there. */
  rooms(): Promise<Map<string, Node>>;
  forgetRoom(callId: string): Promise<void>;
};

export const nodesSchema = { schema: 'nodes', dir: new URL('./migrations/', import.meta.url) };
export { NameTaken } from './nodes.ts';
/**
 * `address`: where the others reach this process; null: there are none. `exclusive`: the database is this process's own
 * and nobody else can be there. `workers`: how many media workers are up.
 */
export const openNodes = (needs: {
  database: Database;
  name: string;
  address: string | null;
  exclusive: boolean;
  workers: () => number;
}): Nodes => createNodes(needs);
