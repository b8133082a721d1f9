import type { Language } from '@openvtm/protocol';
import type { Handlers } from '../kernel/handler.ts';
import type { Works } from '../kernel/work.ts';
import { orderWhatIsDue } from './carry-out.ts';
import type { Parts } from './parts.ts';

/** What the customer's phone receives, in the language of the case. */
const TEXT: Record<Language, (code: string) => string> = {
  'zh-CN': (code) => `您的验证码是 ${code}，5 分钟内有效。请勿告诉任何人，包括银行员工。`,
  en: (code) => `Your code is ${code}. It holds for 5 minutes. Tell it to nobody, bank staff included.`,
};

/**
 * A customer alone proves who it is: the bank's core finds the customer by the form, a code goes to the phone that the
 * bank knows, and what is typed at the kiosk is checked. The core is asked outside of any transaction.
 */
export function identifyCustomer(needs: Pick<Parts, 'cases' | 'core' | 'identities'>, works: Works) {
  const { cases, core, identities } = needs;
  return {
    'identity:send-code': async ({ caller }, { caseId, step }) => {
      const by = { kind: caller.kind, id: caller.id };
      const { language, ...who } = await works.change(by, async (work) => {
        await cases.ofKiosk(work, caller.id, caseId);
        await identities.lookUp(work, caseId);
        return cases.toIdentify(work, caseId, step);
      });
      const customer = await core.findCustomer(who);
      const sentTo = customer?.phoneEnd ?? null;
      if (customer === null || sentTo === null) return { found: false };
      const { customerId } = customer;
      const code = await works.change(by, async (work) => {
        await cases.toIdentify(work, caseId, step);
        return identities.newCode(work, { caseId, customerId, sentTo, vip: customer.segment !== 'standard' });
      });
      await core.sendText({ customerId, text: TEXT[language](code) });
      await works.change(by, (work) => identities.sent(work, caseId));
      return { found: true };
    },
    'identity:check-code': async ({ caller, work }, { caseId, step, code }) => {
      await cases.ofKiosk(work, caller.id, caseId);
      await cases.toIdentify(work, caseId, step);
      const checked = await identities.check(work, caseId, code);
      if (!checked.held) return { held: false, triesLeft: checked.triesLeft };
      const { customerId, vip } = checked;
      await cases.identified(work, caseId, { step, customerId, vip });
      await orderWhatIsDue(needs, work, caseId);
      return { held: true, triesLeft: 0 };
    },
  } satisfies Partial<Handlers>;
}
