import type { Fact } from '../../kernel/bus.ts';
import type { NoticeNeeds } from './index.ts';

/** What was read on pages, and how it compares with the form, shows on the desk of the call: also when the form changes. */
export function readingNotices({ refresh, views }: NoticeNeeds): (fact: Fact) => void {
  return ({ kind, about: { kioskId } }) => {
    if (!kioskId || kind === 'document.viewed') return;
    void views
      .desksOf(kioskId)
      .then((desks) => {
        for (const staffId of desks) refresh.staff(staffId, 'readings');
      })
      .catch(() => undefined);
  };
}
