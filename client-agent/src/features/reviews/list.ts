import { ReviewFilter, type ReviewId, type ReviewRow } from '@openvtm/protocol';
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { type Refused, useAsk, useLive } from '../../live/index.ts';

/** What the address says: which list, and which review is open. A reload keeps both. */
export function usePlace() {
  const route = useRoute();
  const router = useRouter();
  const filter = computed(() => ReviewFilter.catch('open').parse(route.query['list']));
  const chosen = computed(() =>
    typeof route.query['review'] === 'string' ? (route.query['review'] as ReviewId) : null,
  );
  const go = (query: { list?: ReviewFilter; review?: ReviewId | null }) =>
    router.replace({
      query: { list: query.list ?? filter.value, review: query.review === undefined ? chosen.value : query.review },
    });
  return { filter, chosen, go };
}

/** The list, page by page; read anew whenever the server says that it is another. */
export function useReviewList(filter: () => ReviewFilter) {
  const live = useLive();
  const { ask, refused: newest } = useAsk();
  const rows = shallowRef<ReviewRow[]>([]);
  const next = ref<string | null>(null);
  const known = ref(false);
  const refused = shallowRef<Refused | null>(null);
  /** Where each page that was opened begins; the last is the one shown. */
  const trail = ref<(string | null)[]>([null]);
  let turn = 0;

  async function read() {
    turn += 1;
    const mine = turn;
    const answer = await ask('review:list', { filter: filter(), after: trail.value.at(-1) ?? null });
    // Only the newest answer counts.
    if (mine !== turn) return;
    refused.value = answer === null ? newest.value : null;
    if (answer === null) return;
    // The page has emptied while one was at it: the one before it is the last now.
    if (answer.rows.length === 0 && trail.value.length > 1) {
      trail.value = trail.value.slice(0, -1);
      void read();
      return;
    }
    rows.value = answer.rows;
    next.value = answer.next;
    known.value = true;
  }
  watch(
    filter,
    () => {
      trail.value = [null];
      known.value = false;
      rows.value = [];
      void read();
    },
    { immediate: true },
  );
  // Each notice is another object, whatever it counts: the list may be another.
  watch([() => live.reviews, () => live.line.at], () => void read());
  onScopeDispose(() => (turn += 1));

  return {
    rows,
    next,
    known,
    refused,
    trail,
    read,
    later() {
      if (next.value !== null) trail.value = [...trail.value, next.value];
      return read();
    },
    earlier() {
      if (trail.value.length > 1) trail.value = trail.value.slice(0, -1);
      return read();
    },
  };
}
