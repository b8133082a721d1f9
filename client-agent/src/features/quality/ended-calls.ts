import { type BranchId, CallQuality, EndedCallsPage, type CallId, type StaffId } from '@openvtm/protocol';
import { ref, shallowRef } from 'vue';
import type { Refused } from '../../live/index.ts';
import { refusalFrom } from '../../session/answers.ts';
import { session } from '../../session/current.ts';

/** Which ended calls are looked for; '' is any. `day` as YYYY-MM-DD, of this device's calendar. */
export type EndedWish = { day: string; branch: BranchId | ''; agent: StaffId | '' };

/** A day from midnight to midnight here, in ms. */
function boundsOf(day: string): { from: number; until: number } {
  const midnight = new Date(`${day}T00:00:00`);
  const from = midnight.getTime();
  midnight.setDate(midnight.getDate() + 1);
  return { from, until: midnight.getTime() };
}

/** The address of one page. `after`: the call that the page above ended with; null is the newest. */
export function addressOf({ day, branch, agent }: EndedWish, after: string | null): string {
  const query = new URLSearchParams();
  if (day !== '') for (const [name, at] of Object.entries(boundsOf(day))) query.set(name, String(at));
  if (branch !== '') query.set('branch', branch);
  if (agent !== '') query.set('agent', agent);
  if (after !== null) query.set('after', after);
  const text = query.toString();
  return `/api/quality/calls${text === '' ? '' : `?${text}`}`;
}

/** An answer of the server as its schema reads it: only the newest counts. */
function useAnswer<T>(schema: { parse(body: unknown): T }) {
  const shown = shallowRef<T | null>(null);
  const busy = ref(false);
  const refused = shallowRef<Refused | null>(null);
  let turn = 0;
  async function load(address: string) {
    turn += 1;
    const mine = turn;
    busy.value = true;
    refused.value = null;
    try {
      const response = await session.fetch(address);
      const answer = response.ok ? schema.parse(await response.json()) : null;
      const problem = response.ok ? null : await refusalFrom(response);
      if (mine !== turn) return;
      if (answer !== null) shown.value = answer;
      refused.value = problem;
    } catch {
      if (mine === turn) refused.value = { code: 'offline', ref: '' };
    } finally {
      if (mine === turn) busy.value = false;
    }
  }
  return { shown, busy, refused, load };
}

/** Ended calls page by page, the latest first. */
export function useEndedCalls() {
  const { shown, busy, refused, load } = useAnswer(EndedCallsPage);
  const choices = shallowRef<NonNullable<EndedCallsPage['choices']>>({ branches: [], agents: [] });
  const wish = ref<EndedWish>({ day: '', branch: '', agent: '' });
  /** Where each page that was opened begins; the last is the one shown. */
  const trail = ref<(string | null)[]>([null]);
  async function read() {
    await load(addressOf(wish.value, trail.value.at(-1) ?? null));
    if (shown.value?.choices) choices.value = shown.value.choices;
  }
  return {
    page: shown,
    choices,
    busy,
    refused,
    trail,
    wish,
    search(wanted: EndedWish) {
      wish.value = wanted;
      trail.value = [null];
      return read();
    },
    older() {
      const next = shown.value?.next ?? null;
      if (next !== null) trail.value.push(next);
      return read();
    },
    newer() {
      if (trail.value.length > 1) trail.value.pop();
      return read();
    },
  };
}

/** One ended call with its quality. */
export function useCallQuality() {
  const { shown, busy, refused, load } = useAnswer(CallQuality);
  return { shown, busy, refused, load: (callId: CallId) => load(`/api/quality/calls/${callId}`) };
}
