import type { CaseId, CustomerPiece, CustomerView, RevealReason } from '@openvtm/protocol';
import { onScopeDispose, ref, shallowRef, watch } from 'vue';
import { useAsk } from '../../live/index.ts';

/** How long a revealed piece stays on the screen (ms). */
const SHOWN_FOR = 30_000;

type Needs = {
  caseId: () => CaseId;
  /** What makes the view an old one: another name or number in the form, a step done. */
  changed: () => string;
};

/** The bank's customer of the case on the desk: asked for when it is looked at, kept in this page only, and gone with it. */
export function useCustomer({ caseId, changed }: Needs) {
  const { busy, refused, ask, clear } = useAsk();
  const taking = useAsk();
  const view = shallowRef<CustomerView | null>(null);
  /** Pieces in plain, by piece and key. */
  const shown = shallowRef<ReadonlyMap<string, string>>(new Map());
  const filled = ref<number | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;

  function hide() {
    clearTimeout(timer);
    shown.value = new Map();
  }
  async function load() {
    const mine = (asked += 1);
    const answer = await ask('customer:view', { caseId: caseId() });
    // A newer question was asked meanwhile: this answer is about something else.
    if (mine === asked && answer !== null) view.value = answer;
  }
  async function reveal(piece: CustomerPiece, reason: RevealReason) {
    const answer = await taking.ask('customer:reveal', { caseId: caseId(), piece, reason });
    if (answer === null) return;
    clearTimeout(timer);
    shown.value = new Map([
      ...shown.value,
      ...answer.values.map(({ key, value }) => [`${piece} ${key}`, value] as const),
    ]);
    timer = setTimeout(hide, SHOWN_FOR);
  }
  async function takeOver() {
    const answer = await taking.ask('customer:take-over', { caseId: caseId() });
    if (answer === null) return;
    filled.value = answer.filled;
    await load();
  }

  watch(caseId, () => {
    hide();
    view.value = null;
    filled.value = null;
  });
  watch([caseId, changed], () => void load(), { immediate: true });
  onScopeDispose(hide);

  return {
    busy,
    refused,
    clear,
    view,
    load,
    hide,
    reveal,
    takeOver,
    taking: taking.busy,
    takingRefused: taking.refused,
    filled,
    /** A piece in plain while it is revealed; null: masked. */
    plain: (piece: CustomerPiece, key = 'value') => shown.value.get(`${piece} ${key}`) ?? null,
  };
}
