/** Where a line is in the order of its notices. `next` is null until the connection's first snapshot has come. */
export type LineOrder = { next: number | null };

export type Arrival = { order: LineOrder; deliver: boolean; gap: boolean };

/**
 * One notice has arrived. A snapshot sets the count; what comes after it must carry the next number. A higher number
 * is a gap: still delivered, since each notice replaces its part whole, and the snapshot that is asked for repairs the
 * rest. A lower number is older than what is shown and dropped. Before the first snapshot everything is delivered.
 */
export function arrive(order: LineOrder, notice: { snapshot: boolean; seq: number }): Arrival {
  if (notice.snapshot) return { order: { next: notice.seq + 1 }, deliver: true, gap: false };
  if (order.next === null) return { order, deliver: true, gap: false };
  if (notice.seq < order.next) return { order, deliver: false, gap: false };
  return { order: { next: notice.seq + 1 }, deliver: true, gap: notice.seq > order.next };
}
