import type { AnnotationId, Mark, MarkedPage, MarkShape } from '@openvtm/protocol';
import { computed, ref } from 'vue';
import { useAsk, useLive } from '../../live/index.ts';

/** Marking one page: what is drawn with, what is there, and what can be done with it. */
export function createMarking(page: () => MarkedPage | null) {
  const live = useLive();
  const { busy, refused, ask, clear: forgive } = useAsk();
  const quiet = useAsk();
  const tool = ref<MarkShape | null>(null);
  const text = ref('');

  const isAt = (one: MarkedPage | null) => {
    const at = page();
    return at !== null && one?.documentId === at.documentId && one.number === at.number;
  };
  const marks = computed(() => live.annotations.layers.find(isAt)?.marks ?? []);
  const drawing = computed(() => (isAt(live.drawing) ? live.drawing : null));
  const shown = computed(() => isAt(live.annotations.shown));

  async function show(on: boolean) {
    const caseId = live.deskCase?.caseId;
    if (caseId) await ask('annotation:show', { caseId, page: on ? page() : null });
  }
  function draw(annotationId: AnnotationId, mark: Mark | null) {
    const at = page();
    // Nobody else sees what is drawn on a page that is not shown.
    if (at && shown.value) void quiet.ask('annotation:draw', { ...at, annotationId, mark });
  }
  async function keep(annotationId: AnnotationId, mark: Mark) {
    const at = page();
    return at !== null && (await ask('annotation:add', { ...at, annotationId, mark })) !== null;
  }
  async function undo() {
    const at = page();
    if (at) await ask('annotation:undo', at);
  }
  async function clear() {
    const at = page();
    if (at) await ask('annotation:clear', at);
  }

  return { tool, text, marks, drawing, shown, busy, refused, forgive, show, draw, keep, undo, clear };
}
export type Marking = ReturnType<typeof createMarking>;
