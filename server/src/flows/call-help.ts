import type { HelpId } from '@openvtm/protocol';
import type { Handlers } from '../kernel/handler.ts';
import type { Parts } from './parts.ts';

/** A customer calls for branch staff, and one of them comes. */
export function callHelp({ help }: Pick<Parts, 'help'>) {
  return {
    'help:call': async ({ caller, work }) => {
      const helpId = await help.call(work, { kioskId: caller.id, branchId: caller.branchId });
      return { helpId: helpId as HelpId };
    },
    'help:cancel': async ({ caller, work }, { helpId }) => {
      await help.cancel(work, { kioskId: caller.id }, helpId);
      return {};
    },
    'help:answer': async ({ caller, work }, { helpId }) => {
      await help.answer(work, { staffId: caller.id, branchId: caller.branchId }, helpId);
      return {};
    },
    'help:close': async ({ caller, work }, { helpId }) => {
      await help.close(work, { branchId: caller.branchId }, helpId);
      return {};
    },
  } satisfies Partial<Handlers>;
}
