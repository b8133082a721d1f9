import type { AppointmentId, AppointmentView, BookOutcome, BranchAppointment } from '@openvtm/protocol';
import { Refusal } from '../kernel/errors.ts';
import type { Handlers } from '../kernel/handler.ts';
import type { Work } from '../kernel/work.ts';
import type { AppointmentBrief, BookableService, Booked } from '../modules/appointments/index.ts';
import { prefilledAt } from './check-in.ts';
import { bringBackCase, parkCase } from './park-case.ts';
import type { Parts } from './parts.ts';

/** More than anybody scrolls through. */
const BRANCHES_SHOWN = 500;
/** ms that a kiosk shows what was booked on it: the next customer must not see it, should this one just walk away. */
const KIOSK_SHOWS_MS = 3 * 60_000;

/** What a service asks of its slots; `not-found` when it is not offered or needs nobody. */
function bookable({ services }: Pick<Parts, 'services'>, serviceId: string): BookableService {
  const { where, skills, minutes } = services.get(serviceId);
  const [family] = Object.keys(skills);
  if (!services.offers(serviceId) || !needsSomebody(where) || family === undefined)
    throw new Refusal('not-found', `no appointments are made for ${serviceId}`);
  return { serviceId, family, minutes };
}
const needsSomebody = (where: readonly string[]) => where.some((one) => one !== 'alone');

/** The skills that plans are made of: those of the services that need somebody. */
export const bookableFamilies = ({ services }: Pick<Parts, 'services'>): string[] => [
  ...new Set(
    services
      .cards()
      .filter(({ where }) => needsSomebody(where))
      .flatMap(({ id }) => Object.keys(services.get(id).skills).slice(0, 1)),
  ),
];

/** A place in a slot is taken, moved and given back, on the customer's phone or at a kiosk. */
export function bookAppointment(
  needs: Pick<
    Parts,
    | 'appointments'
    | 'cases'
    | 'clock'
    | 'core'
    | 'documents'
    | 'handovers'
    | 'kiosks'
    | 'queue'
    | 'recalls'
    | 'reviews'
    | 'services'
  >,
) {
  const { appointments, clock, handovers, kiosks } = needs;

  const answer = async (
    booked: Booked,
    had: (one: Booked & { is: 'booked' }) => Promise<void>,
  ): Promise<BookOutcome> => {
    if (booked.is !== 'booked') return booked;
    await had(booked);
    return { is: 'booked', appointmentId: booked.appointmentId as AppointmentId };
  };
  const giveCode = async (
    work: Work,
    wish: { appointmentId: string; kioskId: string; branchId: string; expiresAt: number },
  ) => {
    const { code } = await handovers.offerForAppointment(work, wish);
    await appointments.keepCode(work, wish.appointmentId, code);
  };

  return {
    'appointment:branches': async (_, { serviceId }) => {
      const now = clock();
      const service = bookable(needs, serviceId);
      const planned = new Set(await appointments.branchesFor(service.family, now));
      const branches = (await kiosks.branches())
        .filter(({ branchId }) => planned.has(branchId))
        .slice(0, BRANCHES_SHOWN);
      return {
        branches: await Promise.all(
          branches.map(async ({ branchId, name }) => {
            const free = await appointments.free({ ...service, branchId, now });
            return { branchId, name, next: free?.days[0]?.slots[0] ?? null, zone: free?.zone ?? 'UTC' };
          }),
        ),
      };
    },
    'appointment:free': async (_, { branchId, serviceId }) => {
      const service = bookable(needs, serviceId);
      const free = await appointments.free({ ...service, branchId, now: clock() });
      if (!free) throw new Refusal('not-found', 'this branch makes no appointments');
      return { ...free, minutes: service.minutes };
    },
    'appointment:book': async ({ caller, work }, { branchId, serviceId, startsAt, language }) => {
      const onPhone = caller.device === 'phone';
      const wish = { ...bookable(needs, serviceId), branchId, startsAt, language, holder: caller.id, onPhone };
      // At a kiosk the customer before may have booked, too: what is booked stays, and is not shown any more.
      if (!onPhone) {
        const before = await appointments.heldBy(caller.id);
        if (before) await appointments.forget(work, { appointmentId: before.appointmentId, holder: caller.id });
      }
      return answer(await appointments.book(work, wish), async ({ appointmentId, lasts }) => {
        await giveCode(work, { appointmentId, kioskId: caller.id, branchId, expiresAt: lasts });
        if (!onPhone) await parkCase(needs, work, { kioskId: caller.id, appointmentId, serviceId });
      });
    },
    'appointment:move': async ({ caller, work }, { appointmentId, startsAt }) => {
      const found = await appointments.of(appointmentId);
      if (found?.holder !== caller.id) throw new Refusal('not-found', "not this device's appointment");
      const moved = await appointments.move(work, {
        ...bookable(needs, found.serviceId),
        appointmentId,
        startsAt,
        holder: caller.id,
      });
      return answer(moved, ({ lasts }) => handovers.prolongForAppointment(work, { appointmentId, expiresAt: lasts }));
    },
    'appointment:cancel': async ({ caller, work }, { appointmentId }) => {
      await appointments.cancel(work, { appointmentId, holder: caller.id });
      await handovers.endForAppointment(work, appointmentId);
      await bringBackCase(needs, work, { caller, appointmentId });
      return {};
    },
    'appointment:forget': async ({ caller, work }, { appointmentId }) => {
      await appointments.forget(work, { appointmentId, holder: caller.id });
      return {};
    },
    'appointment:call-off': async ({ caller, work }, { appointmentId }) => {
      await appointments.callOff(work, { appointmentId, branchId: caller.branchId });
      await handovers.endForAppointment(work, appointmentId);
      return {};
    },
  } satisfies Partial<Handlers>;
}

type ShowNeeds = Pick<Parts, 'appointments' | 'cases' | 'clock' | 'kiosks' | 'services'>;

/** The appointment on a device's screen: held by a phone, just booked at a kiosk, or brought along by its customer. */
export async function shownAppointment(needs: ShowNeeds, kioskId: string): Promise<AppointmentView | null> {
  const { appointments, cases, clock, kiosks } = needs;
  const device = await kiosks.view(kioskId);
  const held = await appointments.heldBy(kioskId);
  if (held && !held.visit && (device?.kind === 'phone' || clock() - held.bookedAt < KIOSK_SHOWS_MS))
    return viewOf(needs, held);
  if (device?.kind === 'phone') return null;
  const open = await cases.openAt(kioskId);
  const brought = open && (await appointments.ofVisit(open.caseId));
  return brought ? viewOf(needs, brought) : null;
}

async function viewOf(
  { cases, kiosks, services }: Pick<Parts, 'cases' | 'kiosks' | 'services'>,
  brief: AppointmentBrief,
): Promise<AppointmentView> {
  const { appointmentId, branchId, at, startsAt, zone, checkIn, code } = brief;
  return {
    appointmentId: appointmentId as AppointmentId,
    at,
    branchId: branchId as AppointmentView['branchId'],
    branch: (await kiosks.branch(branchId)) ?? { 'zh-CN': '—', en: '—' },
    service: bookedService(services, brief.serviceId),
    startsAt,
    zone,
    checkIn,
    code,
    prefilled: await isPrefilled({ cases, kiosks }, brief),
  };
}

async function isPrefilled(
  { cases, kiosks }: Pick<Parts, 'cases' | 'kiosks'>,
  brief: AppointmentBrief,
): Promise<boolean> {
  const begun = await Promise.all((await prefilledAt({ kiosks }, brief)).map((device) => cases.openAt(device)));
  return begun.some((one) => one?.serviceId === brief.serviceId);
}

function bookedService(services: Parts['services'], serviceId: string): AppointmentView['service'] {
  const { id, title, icon } = services.get(serviceId);
  return { id, title, icon };
}

/** Today's appointments of a branch with how far each is. */
export async function branchDay(needs: ShowNeeds, branchId: string): Promise<BranchAppointment[]> {
  const { appointments, cases, clock, kiosks, services } = needs;
  const today = await appointments.today(branchId, clock());
  return Promise.all(
    today.map(async (one) => {
      const { appointmentId, at, startsAt, zone, serviceId, language, visit, beyondPlan } = one;
      const shown = visit && (await cases.followView(visit.caseId));
      return {
        appointmentId: appointmentId as AppointmentId,
        at,
        startsAt,
        zone,
        service: bookedService(services, serviceId),
        language,
        prefilled: at === 'booked' && (await isPrefilled({ cases, kiosks }, one)),
        visit: shown && { at: shown.at, kiosk: (await kiosks.view(shown.kioskId))?.name ?? '' },
        beyondPlan,
      };
    }),
  );
}
