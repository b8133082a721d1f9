import { MAX_JOURNEY_EVENTS, type CaseId, type FieldProblem, type JourneyEvent } from '@openvtm/protocol';
import { ref, watch } from 'vue';
import { onPhone } from '../../enrol/place.ts';
import { keep, kept } from '../../journey/memory.ts';
import type { Screen } from '../../journey/screen.ts';
import type { Kiosk, KioskTrail } from '../../kiosk.ts';
import type { KioskStore } from '../../store.ts';
import { lostOf, moved, newTrail, placeOf, tried, turnedBack, type Trail } from '../help/index.ts';

const LOOK_MS = 1_000;
/** Events go out together this often, and at the end of a case. */
const SEND_MS = 15_000;
/** More are not kept while the line is away: the oldest go. */
const MOST_KEPT = 200;
/** A field that is left by pressing "Next" is said to be wrong twice in one breath. */
const SAME_TRY_MS = 800;
/** Nobody's screens, or all customers'. */
const NOT_A_WAY: ReadonlySet<Screen['at']> = new Set(['starting', 'enrol', 'closed', 'welcome', 'self-test', 'recall']);

type Untimed<E> = E extends unknown ? Omit<E, 'agoMs'> : never;
type Noted = { caseId: CaseId | null; at: number; what: Untimed<JourneyEvent> };
type Store = Pick<KioskStore, 'screen' | 'running' | 'snapshot' | 'print' | 'line'>;

type KeptTrail = Trail & { caseId: CaseId | null };

/** The trail of before a reload; what cannot be read is as if it had not been. */
function keptTrail(): KeptTrail | null {
  try {
    const { caseId, place, since, backs, wrongs } = JSON.parse(kept.trail() ?? '') as KeptTrail;
    const holds = typeof place === 'string' && Number.isFinite(since) && Array.isArray(backs);
    return holds && typeof wrongs === 'object' ? { caseId, place, since, backs, wrongs } : null;
  } catch {
    return null;
  }
}

/**
 * Follows the customer from screen to screen. Who is lost (`lostOf`) is offered help once the server has noted it, and
 * the signs are counted anew; what was seen goes to the server in small batches, and what does not arrive is not missed.
 */
export function createTrail({ store, tell }: { store: Store; tell: Kiosk['tell'] }): KioskTrail & { flush(): void } {
  const page = ref<string | null>(null);
  let noted: Noted[] = [];
  const before = keptTrail();
  let caseId: CaseId | null = before?.caseId ?? null;
  let trail: Trail = before ?? newTrail('', Date.now());
  let visit: { screen: Screen['at']; page: string | null; since: number; back: boolean } | null = null;
  let sentAt = Date.now();
  const tries = new Map<string, number>();

  function set(next: Trail) {
    if (next === trail) return;
    trail = next;
    keep.trail(JSON.stringify({ caseId, ...next }));
  }
  function note(what: Noted['what']) {
    noted = [...noted, { caseId, at: Date.now(), what }].slice(-MOST_KEPT);
  }
  function leave(now: number) {
    if (visit && !NOT_A_WAY.has(visit.screen))
      note({
        is: 'visit',
        screen: visit.screen,
        page: visit.page,
        ms: Math.min(now - visit.since, 3_600_000),
        back: visit.back,
      });
    visit = null;
  }

  function flush() {
    sentAt = Date.now();
    const all = noted;
    noted = [];
    for (const about of new Set(all.map((one) => one.caseId))) {
      const events = all
        .filter((one) => one.caseId === about)
        .map(({ at, what }): JourneyEvent => ({ ...what, agoMs: Math.min(Math.max(0, sentAt - at), 3_600_000) }));
      for (let i = 0; i < events.length; i += MAX_JOURNEY_EVENTS)
        void tell('journey:tell', { caseId: about, events: events.slice(i, i + MAX_JOURNEY_EVENTS) });
    }
  }

  // After the screen was drawn, so that it has said which page it is on.
  watch(
    () => [store.screen.at, page.value, store.running?.caseId ?? null] as const,
    ([screen, at, running]) => {
      const now = Date.now();
      if (screen === 'starting' || screen === 'closed' || screen === 'enrol') return;
      leave(now);
      // Another request or another customer: the signs of the one before say nothing.
      if (running !== caseId || screen === 'welcome' || screen === 'self-test') {
        flush();
        caseId = running;
        set(newTrail(placeOf(screen, at ?? ''), now));
        tries.clear();
      } else set(moved(trail, placeOf(screen, at ?? ''), now));
      visit = { screen, page: at, since: now, back: false };
    },
    { flush: 'post' },
  );
  watch(
    () => store.screen.at,
    () => (page.value = null),
    { flush: 'sync' },
  );

  const look = () => {
    const now = Date.now();
    if (noted.length > 0 && now - sentAt >= SEND_MS && store.line.at === 'live') flush();
    if (onPhone || store.snapshot === null || store.snapshot.help !== null || store.line.at !== 'live') return;
    const lost = lostOf(trail, { now, print: store.print });
    if (!lost) return;
    set(newTrail(trail.place, now));
    void tell('help:notice', lost);
  };
  setInterval(look, LOOK_MS);

  return {
    page(at) {
      page.value = at;
    },
    back() {
      if (visit) visit.back = true;
      set(turnedBack(trail, Date.now()));
    },
    tried(field, problem: FieldProblem | null) {
      const now = Date.now();
      if (problem !== null && now - (tries.get(field) ?? 0) < SAME_TRY_MS) return;
      if (problem !== null) {
        tries.set(field, now);
        note({ is: 'problem', field, problem });
      }
      set(tried(trail, field, problem !== null));
    },
    flush,
  };
}
