import { z } from 'zod';
import { request } from './define.ts';
import { CaseId } from './ids.ts';
import { StepId } from './services.ts';

const ofStep = z.object({ caseId: CaseId, step: StepId });

export const identityRequests = {
  /**
   * Has the bank look for the customer by what is in the form (`idNumber`, `fullName`), and sends a code to the phone
   * that the bank knows. `found: false`: the bank has no such customer, or no phone of theirs. Each asking sends anew;
   * `wrong-state` within 30 s of the last, `locked-out` when it is asked too often, `unavailable` while the core is away.
   */
  'identity:send-code': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: false,
    in: ofStep,
    out: z.object({ found: z.boolean() }),
  }),
  /** Checks the code that the customer typed. `expired`: too old, or tried three times; a new one has to be sent. */
  'identity:check-code': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: true,
    in: ofStep.extend({ code: z.string().regex(/^\d{6}$/) }),
    out: z.object({ held: z.boolean(), triesLeft: z.number().int() }),
  }),
};
