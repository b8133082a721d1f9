import type { Refresh } from '../refresh.ts';

/** Somebody's screen. */
type Side = { kioskId: string } | { staffId: string };
type Told = (tell: (side: Side) => void) => unknown;
type Needs = {
  refresh: Refresh;
  sharing: { onChange: Told };
  explaining: { onChange: Told };
  documents: { onArriving(tell: (kioskId: string) => void): unknown };
  views: { desksOf(kioskId: string): Promise<Iterable<string>> };
};

/** What is shown and never kept, so that no fact tells of it: drafts, places on a sheet, uploads on their way. */
export function tellFleeting({ refresh, sharing, explaining, documents, views }: Needs): void {
  const anew = (part: 'sharing' | 'explaining') => (side: Side) =>
    'kioskId' in side ? refresh.kiosk(side.kioskId, part) : refresh.staff(side.staffId, part);
  sharing.onChange(anew('sharing'));
  explaining.onChange(anew('explaining'));
  documents.onArriving((kioskId) => {
    void views
      .desksOf(kioskId)
      .then((desks) => {
        for (const staffId of desks) refresh.staff(staffId, 'documents');
      })
      .catch(() => undefined);
  });
}
