import { createHash } from 'node:crypto';
import {
  fieldsOf,
  Language,
  shownValue,
  type CaseId,
  type PaperTemplate,
  type Sheet,
  type SheetCard,
} from '@openvtm/protocol';
import type { Bus, Fact } from '../kernel/bus.ts';
import { Refusal } from '../kernel/errors.ts';
import type { Caller, Handlers, StaffCaller } from '../kernel/handler.ts';
import type { Log } from '../kernel/log.ts';
import type { Work, Works } from '../kernel/work.ts';
import type { CallBrief } from '../modules/calls/index.ts';
import type { Explained, ExplainedCall, SheetStep, Told, Viewer } from '../modules/explaining/index.ts';
import { fillPaper } from '../modules/signing/index.ts';
import type { Parts } from './parts.ts';

const viewerOf = ({ kind, id }: Pick<Caller, 'kind' | 'id'>): Viewer =>
  kind === 'kiosk' ? { kioskId: id } : { staffId: id };

/** Tells the other processes what was done with a sheet: who looks at it may have a line there. */
export type ExplainingRelay = { send(message: { is: 'explaining'; said: unknown }): void };
/** `asked`: a process that has just begun, or may have missed something, wants to know what is open. */
type Said = { told: Told } | { asked: true } | { open: Explained[] };

/** What another process tells; it is one of ours, and sends what this file does. */
export function hearExplaining({ explaining }: Pick<Parts, 'explaining'>, relay: ExplainingRelay, said: unknown): void {
  const heard = said as Said;
  if ('told' in heard) explaining.stepped(heard.told);
  else if ('open' in heard) for (const one of heard.open) explaining.heard(one);
  else if (explaining.all().length > 0)
    relay.send({ is: 'explaining', said: { open: explaining.all() } satisfies Said });
}

const PAPER = 'paper:';

/** The papers of a case's service as sheets; what is in their gaps as the desk sees it: sensitive fields masked. */
async function paperSheet(
  { cases, services }: Pick<Parts, 'cases' | 'services'>,
  { caseId, sheetId }: { caseId: string; sheetId: string },
): Promise<Sheet> {
  const shown = await cases.deskView(caseId);
  const template = shown?.service.papers.find(({ id }) => `${PAPER}${id}` === sheetId);
  if (!shown || !template) throw new Refusal('not-found', 'the service has no such paper');
  const fields = new Map(fieldsOf(services.get(shown.service.id).form).map((field) => [field.name, field]));
  const [zh, en] = Language.options.map((language) => {
    const fillings = new Map(
      shown.values.map(({ name, masked, shown: words }): [string, string] => {
        const field = fields.get(name);
        return [name, masked || !field ? words : shownValue(field, words, language)];
      }),
    );
    return fillPaper(template, { language, fillings });
  });
  if (!zh || !en) throw new Error('a language is missing');
  const text = (one: string, other: string) => ({ 'zh-CN': one, en: other });
  return {
    id: sheetId,
    order: 0,
    version: versionOf(template),
    title: text(zh.title, en.title),
    lead: shown.service.title,
    blocks: zh.sections.flatMap(({ heading, paragraphs }, s): Sheet['blocks'] => {
      const other = en.sections[s];
      return [
        { kind: 'heading', text: text(heading, other?.heading ?? heading) },
        ...paragraphs.map((words, p) => ({
          kind: 'text' as const,
          text: text(words, other?.paragraphs[p] ?? words),
          important: false,
        })),
      ];
    }),
  };
}

/** Which words were shown, without any that a customer entered. */
const versionOf = (template: PaperTemplate): string =>
  createHash('sha256').update(JSON.stringify(template)).digest('hex').slice(0, 16);

type Needs = Pick<Parts, 'calls' | 'cases' | 'explaining' | 'services'>;

/** What was open, as the journal says it. */
const closedFact = ({ sheet, ...call }: Explained, { why, now }: { why: string; now: number }): Fact => ({
  kind: 'explaining.closed',
  about: call,
  data: {
    sheet: sheet.sheetId,
    version: sheet.version,
    why,
    seen: sheet.seen,
    seenAt: sheet.seenAt,
    ms: Math.max(0, now - sheet.openedAt),
  },
});

/** In a call the agent opens a sheet on both screens, and both look at it together; kept nowhere but for that it was shown. */
export function explainSheet(needs: Needs, relay: ExplainingRelay) {
  const { calls, cases, explaining } = needs;
  const ledCall = async (caller: StaffCaller, caseId: string, work?: Work): Promise<CallBrief> => {
    const who = { staffId: caller.id };
    const call = await (work ? calls.activeIn(work, who) : calls.activeOf(who));
    if (call?.caseId !== caseId) throw new Refusal('not-found', 'not in a call about this case');
    return call;
  };
  const sheetOf = (caseId: string, sheetId: string): Promise<Sheet> | Sheet =>
    sheetId.startsWith(PAPER) ? paperSheet(needs, { caseId, sheetId }) : explaining.sheet(sheetId);

  const step = async (caller: Caller, caseId: CaseId, what: SheetStep) => {
    const viewer = viewerOf(caller);
    if (!explaining.openOf(viewer)) await requireCall(caller, caseId);
    const told = explaining.step(viewer, caseId, what);
    relay.send({ is: 'explaining', said: { told } satisfies Said });
    return {};
  };
  /** Somebody else's case is refused as such, also while no sheet is open. */
  const requireCall = async (caller: Caller, caseId: string) => {
    const call = await calls.activeOf(viewerOf(caller));
    if (call?.caseId !== caseId) throw new Refusal('not-found', 'not in a call about this case');
  };

  return {
    'explaining:list': async ({ caller }, { caseId }) => {
      await ledCall(caller, caseId);
      const papers = (await cases.deskView(caseId))?.service.papers ?? [];
      const own = explaining.sheets().map(({ id, title, version, blocks }): SheetCard => {
        const is = blocks.some(({ kind }) => kind === 'calculator') ? 'calculator' : 'text';
        return { id, is, title, version };
      });
      const ofCase = papers.map((template): SheetCard => {
        const { id, title } = template;
        return { id: `${PAPER}${id}`, is: 'paper', title, version: versionOf(template) };
      });
      return { sheets: [...own, ...ofCase] };
    },
    'explaining:open': async ({ caller, work }, { caseId, sheetId }) => {
      const { callId, kioskId, staffId, heldAt } = await ledCall(caller, caseId, work);
      if (heldAt !== null) throw new Refusal('wrong-state', 'the customer is on hold');
      const { version, blocks } = await sheetOf(caseId, sheetId);
      const before = explaining.openIn(callId);
      if (before) work.record(closedFact(before, { why: 'replaced', now: work.now }));
      work.record({
        kind: 'explaining.opened',
        about: { callId, caseId, kioskId, staffId },
        data: { sheet: sheetId, version, blocks: blocks.length },
      });
      return {};
    },
    'explaining:close': async ({ caller, work }, { caseId }) => {
      const { callId } = await ledCall(caller, caseId, work);
      const open = explaining.openIn(callId);
      if (open) work.record(closedFact(open, { why: 'agent', now: work.now }));
      return {};
    },
    'explaining:read': async ({ caller }, { caseId }) => {
      const open = explaining.openOf(viewerOf(caller));
      if (open?.caseId !== caseId) {
        await requireCall(caller, caseId);
        throw new Refusal('wrong-state', 'no sheet is open');
      }
      return { sheet: await sheetOf(caseId, open.sheet.sheetId) };
    },
    'explaining:look': ({ caller }, { caseId, place, seen }) => step(caller, caseId, { is: 'look', place, seen }),
    'explaining:mark': ({ caller }, { caseId, block }) => step(caller, caseId, { is: 'mark', block }),
    'explaining:point': ({ caller }, { caseId, block }) => step(caller, caseId, { is: 'point', block }),
    'explaining:set': ({ caller }, { caseId, values }) => step(caller, caseId, { is: 'set', values }),
  } satisfies Partial<Handlers>;
}

/** Why a fact takes a sheet from the screens: the call rests or is over, or the agent turned to something else. */
function endOf({ kind, data }: Fact): string | null {
  switch (kind) {
    case 'call.ended':
      return 'call-ended';
    case 'call.held':
      return 'held';
    case 'document.asked':
    case 'paper.made':
      return 'turned-to-other';
    case 'case.moved':
      return data?.['to'] === 'confirming' ? 'turned-to-other' : null;
    default:
      return null;
  }
}

/** Sheets follow the committed facts: open from the one to the other, wherever they happen; taken over with the lead. */
export function followExplaining(
  { calls, explaining }: Pick<Parts, 'calls' | 'explaining'>,
  works: Works,
  { bus, log, relay }: { bus: Bus; log: Log; relay: ExplainingRelay },
): { missed(): Promise<void>; close(): Promise<void> } {
  const ending = new Set<Promise<void>>();
  const concerns = (about: Fact['about']) =>
    explaining.all().find((one) => one.callId === about['callId'] || one.caseId === about['caseId']);
  // Where it happened, and there alone, the journal is told; before the sheet is gone.
  const stopHere = bus.on((fact) => {
    const why = endOf(fact);
    const open = why && concerns(fact.about);
    if (!why || !open) return;
    const job = works
      .bySystem(async (work) => work.record(closedFact(open, { why, now: work.now })))
      .catch((error: unknown) => log.error({ err: error }, 'that a sheet was closed could not be journalled'))
      .finally(() => ending.delete(job));
    ending.add(job);
  });
  const stopAnywhere = bus.onAnywhere((fact) => {
    const { kind, about, data } = fact;
    if (kind === 'explaining.opened')
      explaining.opened(about as ExplainedCall, {
        sheetId: String(data?.['sheet']),
        version: String(data?.['version']),
        blocks: Number(data?.['blocks']),
      });
    else if (kind === 'explaining.closed' && data?.['why'] === 'agent') explaining.closed(about['callId'] ?? '');
    else if (kind === 'call.lead-passed') explaining.led(about['callId'] ?? '', about['staffId'] ?? '');
    else if (endOf(fact)) explaining.closed(concerns(about)?.callId ?? '');
  });
  return {
    /** Facts may not have come: what ended is closed, and what the others have is asked for. */
    async missed() {
      const running = new Set<string>((await calls.active()).map(({ callId }) => callId));
      for (const { callId } of explaining.all()) if (!running.has(callId)) explaining.closed(callId);
      relay.send({ is: 'explaining', said: { asked: true } satisfies Said });
    },
    async close() {
      stopHere();
      stopAnywhere();
      await Promise.all(ending);
    },
  };
}
