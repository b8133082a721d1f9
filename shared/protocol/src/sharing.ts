import { z } from 'zod';
import { notice, request } from './define.ts';
import { CaseId } from './ids.ts';

/** At which field of the form somebody is, and what is being typed there and not saved yet. */
export const Place = z.object({
  name: z.string().min(1).max(41),
  /** Something was typed that is not saved yet. */
  typing: z.boolean(),
  /** It, as far as it may be seen; null: nothing is typed, or it is not for the other side's eyes. */
  draft: z.string().max(2000).nullable(),
});
export type Place = z.infer<typeof Place>;

/** The form as both fill it in during a call: kept nowhere, gone with the call or the line of who made it. */
export const SharingView = z.object({
  /** Where the other side is; null: at no field. */
  other: Place.nullable(),
  /** The field at which the agent asked the customer to fill in, until the customer is there. */
  asked: z.string().nullable(),
});
export type SharingView = z.infer<typeof SharingView>;

const ofCase = z.object({ caseId: CaseId });

export const sharingRequests = {
  /**
   * Where this side of the call is in the form, told while it types, at most ten times a second; null: at no field. What
   * a customer types into a field of class C2 is never passed on. `wrong-state` outside of a call.
   */
  'sharing:at': request({
    from: ['kiosk', 'agent'],
    stage: 'ready',
    changes: false,
    in: ofCase.extend({ place: Place.nullable() }),
    out: z.object({}),
  }),
  /** The agent asks the customer to fill in a field: the kiosk shows it. `wrong-state` unless the case is being served. */
  'sharing:ask': request({
    from: ['agent'],
    stage: 'ready',
    changes: false,
    in: ofCase.extend({ name: z.string().min(1).max(41) }),
    out: z.object({}),
  }),
};

export const sharingNotices = {
  /** null: no call, or nobody is at the form. */
  'sharing:changed': notice({ to: ['kiosk', 'agent'], data: z.object({ sharing: SharingView.nullable() }) }),
};
