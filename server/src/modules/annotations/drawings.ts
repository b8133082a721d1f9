import type { Drawing, MarkSide } from '@openvtm/protocol';
import type { Clock } from '../../kernel/clock.ts';
import type { DrawingCall, Drawings } from './index.ts';

/** ms between two tellings of one screen: a line that grows ten times a second is seen as drawn. */
const GAP_MS = 80;

type Screen = { kioskId: string } | { staffId: string };
type Told = { at: number; timer: NodeJS.Timeout | null };

/** See `Drawings` for each one's contract. */
export function createDrawings({ clock }: { clock: Clock }): { drawings: Drawings; close(): void } {
  const calls = new Map<string, Partial<Record<MarkSide, Drawing>>>();
  const told = new Map<string, Told>();
  const listeners = new Set<(screen: Screen) => void>();

  /** The other side's screen, now or when the gap is over. */
  const tell = ({ kioskId, staffId }: DrawingCall, by: MarkSide) => {
    const screen: Screen = by === 'agent' ? { kioskId } : { staffId };
    const key = JSON.stringify(screen);
    const state = told.get(key) ?? { at: -Infinity, timer: null };
    told.set(key, state);
    if (state.timer) return;
    const now = () => {
      state.at = clock();
      state.timer = null;
      for (const listener of listeners) listener(screen);
    };
    const wait = state.at + GAP_MS - clock();
    if (wait <= 0) now();
    else state.timer = setTimeout(now, Math.min(wait, GAP_MS)).unref();
  };

  return {
    drawings: {
      draw(call, drawing) {
        calls.set(call.callId, { ...calls.get(call.callId), [drawing.by]: drawing });
        tell(call, drawing.by);
      },
      rest(call, by) {
        const open = calls.get(call.callId);
        if (!open?.[by]) return;
        const { [by]: _gone, ...others } = open;
        calls.set(call.callId, others);
        tell(call, by);
      },
      seenBy: (callId, side) => calls.get(callId)?.[side === 'agent' ? 'customer' : 'agent'] ?? null,
      ended: (callId) => void calls.delete(callId),
      onDrawing: (listener) => void listeners.add(listener),
    },
    close() {
      for (const { timer } of told.values()) if (timer) clearTimeout(timer);
      told.clear();
      listeners.clear();
      calls.clear();
    },
  };
}
