import type { DocumentId, Mark, MaskedArea, Page } from '@openvtm/protocol';
import { ref } from 'vue';
import { useAsk } from '../../live/index.ts';

/** The area between two corners of a box, however it was drawn; null: nothing is in it. */
export function areaOf(mark: Extract<Mark, { shape: 'box' }>): MaskedArea | null {
  const [[ax, ay], [bx, by]] = [mark.from, mark.to];
  const area = { x: Math.min(ax, bx), y: Math.min(ay, by), width: Math.abs(ax - bx), height: Math.abs(ay - by) };
  return area.width > 0 && area.height > 0 ? area : null;
}

/** Covering areas of one page for others. */
export function createMasking(of: () => { documentId: DocumentId; page: Page } | null) {
  const { busy, refused, ask, clear: forgive } = useAsk();
  const on = ref(false);

  async function put(change: (before: MaskedArea[]) => MaskedArea[]): Promise<boolean> {
    const at = of();
    if (!at) return false;
    const { documentId, page } = at;
    return (await ask('document:mask', { documentId, number: page.number, areas: change(page.masks) })) !== null;
  }
  return {
    on,
    busy,
    refused,
    forgive,
    keep: async (_id: unknown, mark: Mark) => {
      const area = mark.shape === 'box' ? areaOf(mark) : null;
      return area !== null && (await put((before) => [...before, area]));
    },
    /** By the keyboard alone: one in the middle, to be seen and taken off again. */
    middle: () => put((before) => [...before, { x: 3000, y: 4500, width: 4000, height: 1000 }]),
    uncoverLast: () => put((before) => before.slice(0, -1)),
    uncoverAll: () => put(() => []),
  };
}
export type Masking = ReturnType<typeof createMasking>;
