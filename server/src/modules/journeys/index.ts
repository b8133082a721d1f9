import { randomUUID } from 'node:crypto';
import type { JourneyEvent } from '@openvtm/protocol';
import type { Database } from '../../kernel/db.ts';
import { chainEnd } from '../../kernel/journal-block.store.ts';
import type { Work } from '../../kernel/work.ts';
import { beginning, KINDS, nextWay, type JourneyFact, type Move } from './journey-state.ts';
import {
  addToVisit,
  beginJourney,
  comeTo,
  ensureJourney,
  forget,
  insertEvents,
  journeyOfCase,
  linesAfter,
  nodes,
  pages,
  saveReading,
  takeReading,
  totals,
  troubles,
  updateJourney,
  type JourneyFilter,
  type JourneyRow,
  type NodeRow,
  type PageRow,
  type TotalsRow,
  type TroubleRow,
} from './journeys.store.ts';

export type { JourneyFilter } from './journeys.store.ts';

/** Whose events a kiosk tells; `serviceId` is '' before a service is chosen. */
export type Teller = {
  kioskId: string;
  device: string;
  caseId: string | null;
  /** Whether the case is still open. */
  open: boolean;
  serviceId: string;
  language: string;
  print: string;
};

/** Where customers' ways led, for those who mend the services. No names, no values, no case once it is closed. */
export type Journeys = {
  /** Keeps what a kiosk tells, as many of it as it may tell now; answers how many. */
  tell(work: Work, teller: Teller, events: readonly JourneyEvent[]): Promise<number>;
  /** Reads on in the sealed journal, a few hundred lines at most; true: there may be more. */
  readOn(work: Work): Promise<boolean>;
  /** Forgets what began before; true: there may be more. */
  forgetBefore(work: Work, before: number): Promise<boolean>;
  totals(filter: JourneyFilter): Promise<TotalsRow[]>;
  of(serviceId: string, filter: JourneyFilter): Promise<{ nodes: NodeRow[]; troubles: TroubleRow[]; pages: PageRow[] }>;
};

const LINES_AT_ONCE = 500;
const ROWS_AT_ONCE = 5_000;
/** Events that one kiosk may tell in a minute: a busy customer makes about ten. */
const EVENTS_A_MINUTE = 240;
const MINUTE_MS = 60_000;

export const journeysSchema = { schema: 'journeys', dir: new URL('./migrations/', import.meta.url) };

export function openJourneys({ database }: { database: Database }): Journeys {
  /** How many events each kiosk told in the present minute. */
  let minute = { at: 0, told: new Map<string, number>() };
  const mayTell = (kioskId: string, wished: number, now: number): number => {
    const at = Math.floor(now / MINUTE_MS);
    if (minute.at !== at) minute = { at, told: new Map() };
    const told = minute.told.get(kioskId) ?? 0;
    const granted = Math.max(0, Math.min(wished, EVENTS_A_MINUTE - told));
    minute.told.set(kioskId, told + granted);
    return granted;
  };

  const visitOf = (row: JourneyRow, node: string) => ({
    journey_id: row.id,
    node,
    service_id: row.service_id,
    device: row.device,
    language: row.language,
    print: row.print,
    began_at: row.began_at,
    spent_ms: 0,
    visits: 1,
    backs: 0,
    handed_over: 0,
    help_offered: 0,
    state: 'here' as const,
  });

  const rowOf = (caseId: string, serviceId: string, fact: JourneyFact): JourneyRow => {
    const { node, since, aloneNode, ...rest } = beginning(fact);
    return {
      ...rest,
      id: randomUUID(),
      case_id: caseId,
      service_id: serviceId,
      began_at: fact.at,
      node,
      since,
      alone_node: aloneNode,
    };
  };

  const apply = async (work: Work, row: JourneyRow, move: Move) => {
    const at = { journeyId: row.id, node: move.node };
    switch (move.is) {
      case 'came':
        await comeTo(work.tx, visitOf(row, move.node));
        break;
      case 'left':
        await addToVisit(work.tx, at, { spent_ms: move.spentMs, backs: move.back ? 1 : 0, state: move.state });
        break;
      case 'handed-over':
        await addToVisit(work.tx, at, { handed_over: 1 });
        break;
      case 'help-offered':
        await addToVisit(work.tx, at, { help_offered: 1 });
        break;
      default:
        move satisfies never;
    }
  };

  /** Which journey a kiosk tells of: the journal is read some seconds later, so the first event may begin it. */
  const journeyOf = async (work: Work, { caseId, open, serviceId, ...teller }: Teller): Promise<string | null> => {
    if (caseId === null) return null;
    if (!open) return (await journeyOfCase(work.tx, caseId))?.id ?? null;
    const { kioskId, device, language, print } = teller;
    const fact = { kind: 'case.started', at: work.now, data: { device, language, print }, kioskId };
    return ensureJourney(work.tx, rowOf(caseId, serviceId, fact));
  };

  const follow = async (work: Work, caseId: string, fact: JourneyFact) => {
    if (fact.kind === 'case.started') {
      const row = rowOf(caseId, String(fact.data['serviceId'] ?? ''), fact);
      const id = await beginJourney(work.tx, row);
      await comeTo(work.tx, visitOf({ ...row, id }, row.node));
      return;
    }
    const row = await journeyOfCase(work.tx, caseId);
    if (!row) return;
    const { way, moves } = nextWay({ ...row, aloneNode: row.alone_node }, fact);
    const { node, since, aloneNode, outcome, device, language, print } = way;
    const after = { node, since, alone_node: aloneNode, outcome, device, language, print };
    for (const move of moves) await apply(work, { ...row, ...after }, move);
    // Closed, nothing leads from the journey to its case any more.
    await updateJourney(work.tx, row.id, { ...after, ...(outcome === 'open' ? {} : { case_id: null }) });
  };

  return {
    async tell(work, teller, events) {
      const kept = events.slice(0, mayTell(teller.kioskId, events.length, work.now));
      if (kept.length === 0) return 0;
      const journeyId = await journeyOf(work, teller);
      await insertEvents(
        work.tx,
        kept.map((event) => ({
          at: work.now - event.agoMs,
          journey_id: journeyId,
          service_id: teller.serviceId,
          device: teller.device,
          language: teller.language,
          print: teller.print,
          kind: event.is,
          screen: event.is === 'visit' ? event.screen : null,
          page: event.is === 'visit' ? event.page : null,
          ms: event.is === 'visit' ? event.ms : null,
          back: event.is === 'visit' ? event.back : null,
          field: event.is === 'problem' ? event.field : null,
          problem: event.is === 'problem' ? event.problem : null,
        })),
      );
      return kept.length;
    },

    async readOn(work) {
      const after = await takeReading(work.tx);
      if (after === undefined) return false;
      // Sealed lines are complete: an id that is given later stands behind them.
      const sealed = Number((await chainEnd(work.tx))?.lastId ?? 0n);
      if (sealed <= after) return false;
      const lines = await linesAfter(work.tx, { after, upTo: sealed, kinds: KINDS, limit: LINES_AT_ONCE });
      for (const { kind, at, about, data } of lines) {
        const { caseId, kioskId = '' } = about;
        if (caseId) await follow(work, caseId, { kind, at, data, kioskId });
      }
      const more = lines.length === LINES_AT_ONCE;
      await saveReading(work.tx, more ? (lines.at(-1)?.id ?? after) : sealed);
      return more;
    },

    forgetBefore: (work, before) => forget(work.tx, before, ROWS_AT_ONCE),
    totals: (filter) => totals(database, filter),
    async of(serviceId, filter) {
      const [nodeRows, troubleRows, pageRows] = await Promise.all([
        nodes(database, serviceId, filter),
        troubles(database, serviceId, filter),
        pages(database, serviceId, filter),
      ]);
      return { nodes: nodeRows, troubles: troubleRows, pages: pageRows };
    },
  };
}
