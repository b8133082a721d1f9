import { z } from 'zod';
import { PlanDate } from './appointment-plans.ts';
import { CaseAt } from './cases.ts';
import { notice, request } from './define.ts';
import { AppointmentId, BranchId, HandoverCode, Instant, ServiceId } from './ids.ts';
import { Language } from './roles.ts';
import { ServiceIconName } from './services.ts';
import { Text } from './texts.ts';

/**
 * Where an appointment is. booked → arrived (checked in within the window) or late (after it: the customer waits like
 * one without an appointment); booked → missed (nobody came: the slot is free again), missed → late or arrived for who
 * comes after all; booked → cancelled by the customer or called off by the branch.
 */
export const AppointmentAt = z.enum(['booked', 'arrived', 'late', 'missed', 'cancelled', 'called-off']);
export type AppointmentAt = z.infer<typeof AppointmentAt>;

const BookedService = z.object({ id: ServiceId, title: Text, icon: ServiceIconName });

/** An appointment as the device that booked it shows it, or the kiosk at which its customer has checked in. */
export const AppointmentView = z.object({
  appointmentId: AppointmentId,
  at: AppointmentAt,
  branchId: BranchId,
  branch: Text,
  service: BookedService,
  startsAt: Instant,
  /** Whose clock the customer reads: an IANA name. */
  zone: z.string(),
  /** In which the customer is checked in as booked. */
  checkIn: z.object({ from: Instant, until: Instant }),
  /** To be scanned or typed at the branch's kiosk, once; only while it is booked, and only on the device that holds it. */
  code: HandoverCode.nullable(),
  /** Something was filled in for it, which the kiosk will continue. */
  prefilled: z.boolean(),
});
export type AppointmentView = z.infer<typeof AppointmentView>;

/** One of today's appointments as its branch's staff see it. */
export const BranchAppointment = z.object({
  appointmentId: AppointmentId,
  at: AppointmentAt,
  startsAt: Instant,
  zone: z.string(),
  service: BookedService,
  language: Language,
  /** The customer has filled in something on the phone, which the kiosk will continue. */
  prefilled: z.boolean(),
  /** How far the visit is, once the customer is here. */
  visit: z.object({ at: CaseAt, kiosk: z.string() }).nullable(),
  /** Less staff is planned now than was booked. */
  beyondPlan: z.boolean(),
});
export type BranchAppointment = z.infer<typeof BranchAppointment>;

/** What came of a wish for a slot, as an answer and not an error: others book at the same time. */
export const BookOutcome = z.discriminatedUnion('is', [
  z.object({ is: z.literal('booked'), appointmentId: AppointmentId }),
  /** Somebody else took the last place. */
  z.object({ is: z.literal('full') }),
  /** Not a slot that can be booked (any more): too soon, too far, or the branch is closed then. */
  z.object({ is: z.literal('closed') }),
  /** This phone holds another appointment. */
  z.object({ is: z.literal('holds-one') }),
  /** This phone has booked as many as the rules allow at a time; shown here or not. */
  z.object({ is: z.literal('too-many') }),
]);
export type BookOutcome = z.infer<typeof BookOutcome>;

const ofAppointment = z.object({ appointmentId: AppointmentId });

export const appointmentRequests = {
  /** The branches that plan staff for this service, with the nearest free slot of each by its own clock; by name, at most 500. */
  'appointment:branches': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: false,
    in: z.object({ serviceId: ServiceId }),
    out: z.object({
      branches: z.array(z.object({ branchId: BranchId, name: Text, next: Instant.nullable(), zone: z.string() })),
    }),
  }),
  /** The days with free slots of a branch, the first ones first. `not-found` for a branch or service without appointments. */
  'appointment:free': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: false,
    in: z.object({ branchId: BranchId, serviceId: ServiceId }),
    out: z.object({
      zone: z.string(),
      minutes: z.number().int(),
      days: z.array(z.object({ date: PlanDate, slots: z.array(Instant) })),
    }),
  }),
  /**
   * Takes a place in a slot; never more than the staff planned for it can serve. What was filled in at a kiosk for the
   * service stays with the appointment, and the kiosk is free. `too-fast`: too many bookings from this address.
   */
  'appointment:book': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: true,
    in: z.object({ branchId: BranchId, serviceId: ServiceId, startsAt: Instant, language: Language }),
    out: BookOutcome,
  }),
  /** The same appointment at another time; its code stays. The old place is given back only when the new one is had. */
  'appointment:move': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: true,
    in: ofAppointment.extend({ startsAt: Instant }),
    out: BookOutcome,
  }),
  'appointment:cancel': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: true,
    in: ofAppointment,
    out: z.object({}),
  }),
  /** This device no longer shows it; a kiosk's booking stays and its code holds. */
  'appointment:forget': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: true,
    in: ofAppointment,
    out: z.object({}),
  }),
  /** The branch can't keep it: the customer's phone says so. */
  'appointment:call-off': request({
    from: ['branch-staff'],
    stage: 'ready',
    changes: true,
    in: ofAppointment,
    out: z.object({}),
  }),
};

export const appointmentNotices = {
  'appointment:changed': notice({ to: ['kiosk'], data: z.object({ appointment: AppointmentView.nullable() }) }),
  'appointment:list-changed': notice({ to: ['branch-staff'], data: z.object({ today: z.array(BranchAppointment) }) }),
};
