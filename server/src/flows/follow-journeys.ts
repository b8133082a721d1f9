import {
  fieldsOf,
  type FieldTrouble,
  type JourneyPlace,
  type JourneyQuery,
  type JourneysShown,
  type JourneyStep,
  type Service,
} from '@openvtm/protocol';
import type { z } from 'zod';
import { Refusal } from '../kernel/errors.ts';
import type { Handlers } from '../kernel/handler.ts';
import type { Log } from '../kernel/log.ts';
import type { Works } from '../kernel/work.ts';
import type { Teller } from '../modules/journeys/index.ts';
import type { Parts } from './parts.ts';

/** ms between looks at the journal, which is sealed about as often. */
const READ_MS = 5_000;
const FORGET_MS = 600_000;
const DAY_MS = 24 * 3_600_000;

/** What a kiosk tells of its customer's way: about its own case, or about nobody's yet. */
export function tellJourneys({ cases, journeys, services }: Pick<Parts, 'cases' | 'journeys' | 'services'>) {
  return {
    'journey:tell': async ({ caller, work }, { caseId, events }) => {
      const nobody: Teller = {
        kioskId: caller.id,
        device: caller.device,
        caseId: null,
        open: false,
        serviceId: '',
        language: '',
        print: '',
      };
      if (caseId === null)
        return {
          kept: await journeys.tell(
            work,
            nobody,
            events.filter(({ is }) => is === 'visit'),
          ),
        };
      const about = await cases.ofKiosk(work, caller.id, caseId).catch((error: unknown) => {
        // It went on elsewhere, or never was this kiosk's: nobody waits for an answer.
        if (error instanceof Refusal) return null;
        throw error;
      });
      if (!about) return { kept: 0 };
      const fields = new Set(fieldsOf(services.get(about.serviceId).form).map(({ name }) => name));
      const { at, serviceId, language, print } = about;
      const known = events.filter((event) => event.is === 'visit' || fields.has(event.field));
      return {
        kept: await journeys.tell(
          work,
          { ...nobody, caseId, open: at !== 'closed', serviceId, language, print },
          known,
        ),
      };
    },
  } satisfies Partial<Handlers>;
}

/** Reads the journal on, and forgets what is older than `keepDays`. */
export function followJourneys(
  { clock, journeys }: Pick<Parts, 'clock' | 'journeys'>,
  works: Works,
  { log, keepDays }: { log: Log; keepDays: number },
): { close(): Promise<void> } {
  let closed = false;
  let forgotAt = 0;
  const round = async () => {
    while (!closed && (await works.bySystem((work) => journeys.readOn(work))));
    if (clock() - forgotAt < FORGET_MS) return;
    forgotAt = clock();
    while (!closed && (await works.bySystem((work) => journeys.forgetBefore(work, work.now - keepDays * DAY_MS))));
  };
  let running: Promise<void> = Promise.resolve();
  const loop = () => {
    running = round().catch((error: unknown) => log.warn({ err: error }, 'journeys could not be read; trying again'));
    void running.then(() => {
      if (!closed) timer = setTimeout(loop, READ_MS);
    });
  };
  let timer = setTimeout(loop, READ_MS);
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
}

const PLACES: readonly JourneyPlace[] = ['consent', 'waiting', 'call', 'rating'];

/** The places of a service in the order in which its customers come to them. */
function orderOf(service: Service | null): string[] {
  const steps = (service?.steps ?? []).filter(({ kind }) => kind !== 'consent' && kind !== 'rate').map(({ id }) => id);
  return ['@consent', ...steps, '@waiting', '@call', '@rating'];
}

/** What supervisors see of the ways that customers took, in the words of the catalogue. */
export async function shownJourneys(
  { clock, journeys, services }: Pick<Parts, 'clock' | 'journeys' | 'services'>,
  { service: wanted, ...filter }: z.infer<typeof JourneyQuery>,
): Promise<JourneysShown> {
  const known = new Set<string>(services.all().map(({ id }) => id));
  const find = (id: string) => (known.has(id) ? services.get(id) : null);
  const service = find(wanted ?? '');
  const [totals, found] = await Promise.all([journeys.totals(filter), journeys.of(wanted ?? '', filter)]);
  const labels = new Map(service ? fieldsOf(service.form).map(({ name, label }) => [name, label]) : []);
  const order = orderOf(service);
  const place = (node: string) => PLACES.find((one) => `@${one}` === node) ?? null;
  const rank = (node: string) => (order.includes(node) ? order.indexOf(node) : order.length);

  const steps = found.nodes
    .toSorted((a, b) => rank(a.node) - rank(b.node))
    .map((row): JourneyStep => {
      const step = service?.steps.find(({ id }) => id === row.node);
      return {
        node: row.node,
        place: place(row.node),
        title: step && 'title' in step ? (step.title ?? null) : null,
        kind: step?.kind ?? null,
        reached: row.reached,
        stopped: { cancelled: row.cancelled, idle: row.idle, replaced: row.replaced },
        wentBack: row.went_back,
        here: row.here,
        handedOver: row.handed_over,
        helpOffered: row.help_offered,
        medianMs: row.median_ms,
      };
    });
  return {
    now: clock(),
    services: totals.map(({ service_id: serviceId, ...counts }) => ({
      serviceId,
      title: find(serviceId)?.title ?? null,
      ...counts,
    })),
    steps,
    troubles: found.troubles.map((one): z.infer<typeof FieldTrouble> => ({
      ...one,
      label: labels.get(one.field) ?? null,
    })),
    pages: found.pages.map(({ median_ms: medianMs, ...one }) => ({
      ...one,
      label: labels.get(one.page ?? '') ?? null,
      medianMs,
    })),
  };
}
