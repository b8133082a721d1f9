import { fieldsOf, type HelpId, type HelpPlace } from '@openvtm/protocol';
import type { Bus, Fact } from '../kernel/bus.ts';
import { Refusal } from '../kernel/errors.ts';
import type { Handlers, KioskCaller } from '../kernel/handler.ts';
import type { Log } from '../kernel/log.ts';
import type { Works } from '../kernel/work.ts';
import type { Stood } from '../modules/help/index.ts';
import type { Parts } from './parts.ts';

/** Where the kiosk's customer stands, from the case and not from what the kiosk says; `field` only if the form has it. */
async function stoodOf({ cases }: Pick<Parts, 'cases'>, kioskId: string, field?: string): Promise<Stood> {
  const open = await cases.kioskView(kioskId);
  if (!open) return { caseId: null, at: 'choosing', serviceId: null, step: null, field: null };
  const known = fieldsOf(open.service.form).some(({ name }) => name === field);
  return {
    caseId: open.caseId,
    at: open.at,
    serviceId: open.service.id,
    step: open.step?.id ?? null,
    field: known ? (field ?? null) : null,
  };
}

/** The same in the words of the catalogue; what it does not have any more is left out. */
export function placeOf({ services }: Pick<Parts, 'services'>, stood: Stood): HelpPlace {
  const known = services.all().some(({ id }) => id === stood.serviceId);
  const service = known && stood.serviceId ? services.get(stood.serviceId) : null;
  const step = service?.steps.find(({ id }) => id === stood.step);
  const field = service === null ? undefined : fieldsOf(service.form).find(({ name }) => name === stood.field);
  return {
    at: stood.at,
    service: service?.title ?? null,
    step: step && 'title' in step ? (step.title ?? null) : null,
    field: field?.label ?? null,
  };
}

/** A customer calls for branch staff, or seems to need them, and one of them comes. */
export function callHelp(needs: Pick<Parts, 'cases' | 'help'>) {
  const { help } = needs;
  const whoAsks = (caller: KioskCaller) => {
    if (caller.device === 'phone') throw new Refusal('wrong-state', 'branch staff come to kiosks');
    return { kioskId: caller.id, branchId: caller.branchId };
  };
  return {
    'help:call': async ({ caller, work }) => {
      const who = whoAsks(caller);
      return { helpId: (await help.call(work, who, await stoodOf(needs, caller.id))) as HelpId };
    },
    'help:notice': async ({ caller, work }, { why, field }) => {
      const who = whoAsks(caller);
      const helpId = await help.notice(work, who, { why, ...(await stoodOf(needs, caller.id, field)) });
      return { helpId: helpId as HelpId | null };
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

/** What a fact says of a customer who seemed lost. */
function outcomeOf({ kind, data }: Fact): 'went-on' | 'left' | null {
  switch (kind) {
    case 'case.started':
    case 'case.consented':
    case 'case.passed':
      return 'went-on';
    case 'case.filled':
      return data?.['empty'] === true ? null : 'went-on';
    case 'case.moved':
      return data?.['to'] === 'waiting' || data?.['to'] === 'rating' ? 'went-on' : null;
    case 'case.closed':
    case 'case.handed-over':
      return 'left';
    default:
      return null;
  }
}

/** A customer who seemed lost and gets on, or leaves, needs nobody: what the kiosk noticed goes from the list by itself. */
export function followLost(
  { help }: Pick<Parts, 'help'>,
  works: Works,
  { bus, log }: { bus: Bus; log: Log },
): { close(): Promise<void> } {
  let running: Promise<void> = Promise.resolve();
  const settle = async (outcome: 'went-on' | 'left', kioskId: string) => {
    // Nearly always there is nothing, which a plain look tells without a transaction.
    if (!(await help.ofKiosk(kioskId))) return;
    await works.bySystem((work) => (outcome === 'left' ? help.left(work, kioskId) : help.wentOn(work, kioskId)));
  };
  const stop = bus.on((fact) => {
    const { kioskId } = fact.about;
    const outcome = outcomeOf(fact);
    if (!kioskId || !outcome) return;
    // What fails here is made good by the sweep.
    running = running
      .then(() => settle(outcome, kioskId))
      .catch((error: unknown) => log.error({ err: error, kioskId }, 'a noticed customer could not be settled'));
  });
  return {
    async close() {
      stop();
      await running;
    },
  };
}
