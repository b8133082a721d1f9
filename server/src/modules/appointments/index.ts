import type { AppointmentAt, AppointmentPlan, ChangePlanOut, Language, SlotLoad, Text } from '@openvtm/protocol';
import type { Keys } from '../../kernel/crypto.ts';
import type { Database, Queryable } from '../../kernel/db.ts';
import type { Work } from '../../kernel/work.ts';
import { createAppointments } from './appointments.ts';
import { createPlans } from './plans.ts';

export type AppointmentFact = {
  kind:
    | 'appointment.booked'
    | 'appointment.moved'
    | 'appointment.held'
    | 'appointment.refused'
    | 'appointment.arrived'
    | 'appointment.late'
    | 'appointment.missed'
    | 'appointment.cancelled'
    | 'appointment.called-off'
    | 'appointment.forgotten'
    | 'appointment.plan-added'
    | 'appointment.plan-changed';
  about: { appointmentId?: string; branchId?: string; kioskId?: string; caseId?: string; planId?: string };
  data?: Record<string, string | number | boolean | null>;
};

/** What an appointment asks of its slots, from the service. */
export type BookableService = { serviceId: string; family: string; minutes: number };

export type AppointmentBrief = {
  appointmentId: string;
  branchId: string;
  serviceId: string;
  language: Language;
  at: AppointmentAt;
  startsAt: number;
  zone: string;
  checkIn: { from: number; until: number };
  bookedAt: number;
  /** The device that holds it; null: nobody but who has the code. */
  holder: string | null;
  /** Of who holds it; null once it can't be used. */
  code: string | null;
  visit: { caseId: string; kioskId: string } | null;
  beyondPlan: boolean;
};

export type Booked =
  | { is: 'booked'; appointmentId: string; lasts: number }
  | { is: 'full' | 'closed' | 'holds-one' | 'too-many' };

/** Appointments at branches, the slots they take, and the staff planned for them. */
export type Appointments = {
  /** Takes a place. The caller then has a code made that lives until `lasts`, and gives it to `keepCode`. */
  book(
    work: Work,
    wish: BookableService & {
      branchId: string;
      startsAt: number;
      language: Language;
      holder: string;
      onPhone: boolean;
    },
  ): Promise<Booked>;
  keepCode(work: Work, appointmentId: string, code: string): Promise<void>;
  /** The same at another time, its service as it is now; `not-found` for another device's, `wrong-state` when it is over. */
  move(
    work: Work,
    wish: BookableService & { appointmentId: string; holder: string; startsAt: number },
  ): Promise<Booked>;
  cancel(work: Work, who: { appointmentId: string; holder: string }): Promise<void>;
  /** By the branch's staff; `not-found` for another branch's. */
  callOff(work: Work, who: { appointmentId: string; branchId: string }): Promise<void>;
  /** The device shows it no more; what is booked stays. */
  forget(work: Work, who: { appointmentId: string; holder: string }): Promise<void>;
  /** A phone that has shown the code holds the appointment from here on. `lasts`: how long a new code is to live; null: it is over. */
  hold(
    work: Work,
    who: { appointmentId: string; holder: string },
  ): Promise<{ is: 'held'; lasts: number } | { is: 'over' | 'holds-one' }>;
  /** What the window says now, without changing anything: locked, so that two kiosks don't both let it in. */
  coming(
    work: Work,
    appointmentId: string,
  ): Promise<(AppointmentBrief & { coming: 'early' | 'arrived' | 'late' | 'over' }) | null>;
  /** Its customer is here, with this case. */
  arrive(work: Work, visit: { appointmentId: string; kioskId: string; caseId: string }): Promise<void>;
  /** Journals that a code was shown in vain. */
  refused(
    work: Work,
    wish: { appointmentId: string; kioskId: string; why: 'early' | 'over' | 'holds-one' },
  ): Promise<void>;
  /** Appointments that nobody came to in time: their places are free again. Returns how many there were. */
  releaseMissed(work: Work): Promise<number>;

  /**
   * Which of these devices hold an appointment to come for this service, or one missed a moment ago: what was filled in
   * there is waited for. An appointment stands for itself where it keeps what its kiosk's customer filled in.
   */
  awaited(devices: readonly { deviceId: string; serviceId: string }[], now: number): Promise<ReadonlySet<string>>;

  /** The appointment that a device holds, or with which the customer of the case came. */
  heldBy(kioskId: string): Promise<AppointmentBrief | null>;
  ofVisit(caseId: string, reader?: Queryable): Promise<AppointmentBrief | null>;
  of(appointmentId: string): Promise<AppointmentBrief | null>;
  /** Today's, by the branch's own clock. */
  today(branchId: string, now: number): Promise<AppointmentBrief[]>;

  /** The slots to come at which a service still has room, by day; null where the branch plans none for it. */
  free(
    wish: BookableService & { branchId: string; now: number },
  ): Promise<{ zone: string; days: { date: string; slots: number[] }[] } | null>;
  /** The branches that plan anything for a skill. */
  branchesFor(family: string, now: number): Promise<string[]>;

  plans(now: number): Promise<StoredPlan[]>;
  planOf(branchId: string, now: number): Promise<StoredPlan | null>;
  addPlan(work: Work, plan: { id?: string; name: Text; body: AppointmentPlan }): Promise<string>;
  /** Changes what is planned, unless a line is wrong or less would be planned than is booked. `not-found` for no plan. */
  changePlan(
    work: Work,
    wish: {
      planId: string;
      version: number;
      body: AppointmentPlan;
      keepBooked: boolean;
      families: readonly string[];
      branches: readonly string[];
    },
  ): Promise<ChangePlanOut>;
  /** Carries every plan on to its horizon, and drops slots of long ago. */
  tend(work: Work): Promise<void>;
};

export type StoredPlan = {
  planId: string;
  name: Text;
  version: number;
  body: AppointmentPlan;
  load: SlotLoad[];
};

export const appointmentsSchema = { schema: 'appointments', dir: new URL('./migrations/', import.meta.url) };

export function openAppointments(needs: { database: Database; keys: Keys }): Appointments {
  return { ...createAppointments(needs), ...createPlans(needs) };
}
