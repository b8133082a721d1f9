import type { RulesChanged, RulesFlaw, RulesInForce } from '@openvtm/protocol';
import type { z } from 'zod';
import type { StaffCaller } from '../kernel/handler.ts';
import type { Works } from '../kernel/work.ts';
import { checkRules } from '../modules/queue/index.ts';
import type { Parts } from './parts.ts';

/** The queue's rules, read, checked and changed by administrators; a change holds at once, for those who wait too. */
export function ruleQueue({ queue, services, staff }: Pick<Parts, 'queue' | 'services' | 'staff'>, works: Works) {
  const asked = () => services.all().map(({ id }) => ({ serviceId: id, skills: services.get(id).skills }));

  return {
    async read(): Promise<RulesInForce> {
      const { version, text, at, byStaffId } = await queue.rulesWritten();
      const by = byStaffId === null ? null : ((await staff.names([byStaffId])).get(byStaffId) ?? null);
      return { version, text, at, by };
    },
    check(text: string): RulesFlaw[] {
      const checked = checkRules(text, asked());
      return 'flaws' in checked ? checked.flaws : [];
    },
    change(
      caller: StaffCaller,
      { text, basedOn }: { text: string; basedOn: number },
    ): Promise<z.infer<typeof RulesChanged> | { flaws: RulesFlaw[] }> {
      return works.change({ kind: 'staff', id: caller.id }, (work) =>
        queue.changeRules(work, { text, basedOn, staffId: caller.id, asked: asked() }),
      );
    },
  };
}
