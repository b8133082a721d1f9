/** Which rows of a long list are drawn: those in sight and a few around them. Rows are equally high (pixels). */
export function rowsInSight(
  list: { count: number; rowHeight: number },
  sight: { scrolled: number; height: number },
  spare = 3,
): { first: number; end: number } {
  const { count, rowHeight } = list;
  const first = Math.floor(sight.scrolled / rowHeight) - spare;
  const end = Math.ceil((sight.scrolled + sight.height) / rowHeight) + spare;
  const within = (row: number) => Math.min(count, Math.max(0, row));
  return { first: within(first), end: within(end) };
}
