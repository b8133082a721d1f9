/** What an inspector looks for: the beginning of an event's name, any id it is about, lines a page. */
export type JournalFilter = { kind: string; about: string; limit: number };

/** The address of one page; empty filters are left out. `before`: where the page above ended; null is the newest. */
export function pageAddress(filter: JournalFilter, before: number | null): string {
  const query = new URLSearchParams({ limit: String(filter.limit) });
  if (filter.kind.trim() !== '') query.set('kind', filter.kind.trim());
  if (filter.about.trim() !== '') query.set('about', filter.about.trim());
  if (before !== null) query.set('before', String(before));
  return `/api/audit?${query}`;
}
