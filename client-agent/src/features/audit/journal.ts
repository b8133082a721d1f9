import { AuditPage } from '@openvtm/protocol';
import { ref, shallowRef } from 'vue';
import type { Refused } from '../../live/index.ts';
import { refusalFrom } from '../../session/answers.ts';
import { session } from '../../session/current.ts';
import { type JournalFilter, pageAddress } from './address.ts';

/** The journal page by page, newest first; the server keeps no place, so the way back is kept here. */
export function useJournal() {
  const page = shallowRef<AuditPage>({ lines: [], next: null });
  const busy = ref(false);
  const refused = shallowRef<Refused | null>(null);
  const filter = ref<JournalFilter>({ kind: '', about: '', limit: 50 });
  /** Where each page that was opened begins; the last is the one shown. */
  const trail = ref<(number | null)[]>([null]);
  // Only the newest answer counts: a slow one must not overwrite it.
  let turn = 0;

  async function load() {
    turn += 1;
    const mine = turn;
    busy.value = true;
    refused.value = null;
    try {
      const response = await session.fetch(pageAddress(filter.value, trail.value.at(-1) ?? null));
      const answer = response.ok ? AuditPage.parse(await response.json()) : null;
      const problem = response.ok ? null : await refusalFrom(response);
      if (mine !== turn) return;
      if (answer !== null) page.value = answer;
      refused.value = problem;
    } catch {
      if (mine === turn) refused.value = { code: 'offline', ref: '' };
    } finally {
      if (mine === turn) busy.value = false;
    }
  }

  return {
    page,
    busy,
    refused,
    trail,
    filter,
    search(wanted: JournalFilter) {
      filter.value = wanted;
      trail.value = [null];
      return load();
    },
    older() {
      if (page.value.next !== null) trail.value.push(page.value.next);
      return load();
    },
    newer() {
      if (trail.value.length > 1) trail.value.pop();
      return load();
    },
  };
}
