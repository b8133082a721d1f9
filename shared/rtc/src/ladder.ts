/** Both transports together: `up` when none is in trouble (one that carries nothing yet counts as up). */
export type Link = 'up' | 'connecting' | 'down';

/**
 * How a call's media gets back. While the line is lost nothing is tried: every rung needs an answer from the server.
 * In `joined`, `since` is when the link left `up`, `cut` whether it has been down since then, and `worn` that it is up
 * again after having been down: what flows over it then is slow to recover.
 */
export type Ladder = {
  line: boolean;
  /** Joins in a row that did not bring the link up. */
  failures: number;
  phase:
    | { at: 'joining' }
    | { at: 'waiting'; until: number }
    | {
        at: 'joined';
        link: Link;
        since: number;
        wasUp: boolean;
        cut: boolean;
        worn: boolean;
        restarts: number;
        restartedAt: number;
      };
};

export type LadderEvent =
  | { kind: 'line'; live: boolean }
  | { kind: 'link'; link: Link }
  /** The server has no peer of ours any more, or said so. */
  | { kind: 'forgotten' }
  | { kind: 'joined' }
  | { kind: 'join-failed' }
  | { kind: 'tick' };

/** `confirm`: ask the server whether it still knows us, and for what we missed while the line was lost. */
export type LadderAction = 'none' | 'join' | 'restart-ice' | 'confirm';
export type LadderStep = { ladder: Ladder; action: LadderAction; wakeAt: number | null };

const FIRST_RESTART_AFTER_MS = 2_000;
const NEXT_RUNG_AFTER_MS = 3_000;
const RESTARTS = 2;
// ICE and DTLS need a few round trips; on a link of 300 ms with loss they were up within 4 s.
const CONNECTING_AT_MOST_MS = 8_000;
// Shorter troubles leave the bandwidth estimate as it was.
const WORN_AFTER_MS = 1_000;
const JOIN_PAUSE_FIRST_MS = 500;
const JOIN_PAUSE_MOST_MS = 5_000;

export const bottomRung = (line: boolean): Ladder => ({ line, failures: 0, phase: { at: 'joining' } });

/** One step: what happened, what to do about it, and when to call again with `tick` if nothing happens (null: never). */
export function climb(ladder: Ladder, event: LadderEvent, now: number): LadderStep {
  switch (event.kind) {
    case 'line':
      return lineChanged({ ...ladder, line: event.live }, now);
    case 'forgotten':
      return join(ladder);
    case 'joined':
      return rest({ ...ladder, phase: fresh(now) });
    case 'join-failed':
      return joinFailed(ladder, now);
    case 'link':
      return linkChanged(ladder, event.link, now);
    case 'tick':
      return due(ladder, now);
  }
}

const fresh = (now: number) =>
  ({
    at: 'joined',
    link: 'connecting',
    since: now,
    wasUp: false,
    cut: false,
    worn: false,
    restarts: 0,
    restartedAt: 0,
  }) as const;

function rest(ladder: Ladder, action: LadderAction = 'none'): LadderStep {
  return { ladder, action, wakeAt: dueAt(ladder) };
}

function join(ladder: Ladder): LadderStep {
  return rest({ ...ladder, phase: { at: 'joining' } }, 'join');
}

function lineChanged(ladder: Ladder, now: number): LadderStep {
  const { phase } = ladder;
  if (!ladder.line || phase.at === 'joining') return rest(ladder);
  // New transports show a picture in a fifth of a second; an ICE restart after a long cut takes seconds.
  if (phase.at === 'waiting' || phase.link === 'down' || phase.worn) return join(ladder);
  return rest({ ...ladder, phase: { ...phase, since: now } }, 'confirm');
}

function joinFailed(ladder: Ladder, now: number): LadderStep {
  const pause = Math.min(JOIN_PAUSE_MOST_MS, JOIN_PAUSE_FIRST_MS * 2 ** ladder.failures);
  return rest({ ...ladder, failures: ladder.failures + 1, phase: { at: 'waiting', until: now + pause } });
}

function linkChanged(ladder: Ladder, link: Link, now: number): LadderStep {
  const { phase } = ladder;
  if (phase.at !== 'joined' || phase.link === link) return rest(ladder);
  if (link === 'up') {
    const worn = phase.cut && now - phase.since >= WORN_AFTER_MS;
    // Measured after 15 s: the old transports take 3 to 4 s more to show a picture, because the bandwidth estimate
    // has fallen to nothing.
    if (worn && ladder.line) return join(ladder);
    return rest({ ...ladder, failures: 0, phase: { ...phase, link, wasUp: true, cut: false, worn, restarts: 0 } });
  }
  // A restart passes through `connecting`; the time of trouble goes on counting from its begin.
  const since = link === 'connecting' && phase.link === 'down' ? phase.since : now;
  return rest({ ...ladder, phase: { ...phase, link, since, cut: phase.cut || link === 'down' } });
}

/** When the next rung is to be taken if nothing changes until then. */
function dueAt({ line, phase }: Ladder): number | null {
  if (!line || phase.at === 'joining') return null;
  if (phase.at === 'waiting') return phase.until;
  if (phase.restarts > 0) return phase.link === 'up' ? null : phase.restartedAt + NEXT_RUNG_AFTER_MS;
  if (phase.link === 'down') return phase.since + FIRST_RESTART_AFTER_MS;
  return phase.link === 'connecting' ? phase.since + CONNECTING_AT_MOST_MS : null;
}

function due(ladder: Ladder, now: number): LadderStep {
  const at = dueAt(ladder);
  if (at === null || now < at) return rest(ladder);
  const { phase } = ladder;
  if (phase.at !== 'joined') return join(ladder);
  const troubled = phase.link === 'down' || phase.restarts > 0;
  if (!troubled || phase.restarts >= RESTARTS) return join({ ...ladder, failures: ladder.failures + 1 });
  return rest({ ...ladder, phase: { ...phase, restarts: phase.restarts + 1, restartedAt: now } }, 'restart-ice');
}

/** Whether media flows as far as the transports know. A link that only adds its second transport still counts. */
export function flows({ phase }: Ladder): boolean {
  if (phase.at !== 'joined' || phase.link === 'down' || phase.cut) return false;
  return phase.link === 'up' || phase.wasUp;
}
