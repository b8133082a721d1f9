import {
  ParticipantMode,
  type BranchId,
  type CallEvent,
  type CallId,
  type CallQuality,
  type EndedCall,
  type EndedCallsPage,
  type EndedCallsQuery,
  type StaffId,
} from '@openvtm/protocol';
import { Refusal } from '../kernel/errors.ts';
import { SAMPLES_KEPT_DAYS, sampleOf, type CallRow, type SideRow } from '../modules/quality/index.ts';
import type { Parts } from './parts.ts';

type Needs = Pick<Parts, 'calls' | 'kiosks' | 'quality' | 'staff'>;

/** Agents to choose from. */
const MOST_AGENTS = 1_000;

const rounded = (value: number | null, places: number) =>
  value === null ? null : Math.round(value * 10 ** places) / 10 ** places;

async function shown({ kiosks, staff }: Needs, rows: CallRow[]): Promise<EndedCall[]> {
  const kioskIds = [...new Set(rows.map(({ kiosk_id }) => kiosk_id))];
  const [views, names] = await Promise.all([
    Promise.all(kioskIds.map(async (id) => [id, await kiosks.view(id)] as const)),
    staff.names([...new Set(rows.map(({ staff_id }) => staff_id))]),
  ]);
  const places = new Map(views);
  return rows.map((row) => {
    const kiosk = places.get(row.kiosk_id);
    return {
      callId: row.call_id as CallId,
      startedAt: row.started_at,
      endedAt: row.ended_at,
      reason: row.reason,
      kiosk: kiosk?.name ?? '',
      branch: kiosk ? { branchId: kiosk.branchId as BranchId, name: kiosk.branch } : null,
      agent: { staffId: row.staff_id as StaffId, name: names.get(row.staff_id) ?? '' },
      scores: {
        customer: rounded(row.customer_score, 1),
        agent: rounded(row.agent_score, 1),
        call: rounded(row.score, 1),
      },
    };
  });
}

/** Ended calls, page by page, the latest first. */
export async function endedCallsPage(needs: Needs, query: EndedCallsQuery): Promise<EndedCallsPage> {
  const { after, limit, ...filter } = query;
  const [endedAt, callId] = after?.split('_') ?? [];
  const isFirst = after === undefined;
  const [rows, branches, agents] = await Promise.all([
    needs.quality.endedCalls({
      ...filter,
      after: endedAt && callId ? { endedAt: Number(endedAt), callId } : null,
      limit: limit + 1,
    }),
    isFirst ? needs.kiosks.branches() : [],
    isFirst ? needs.staff.withRole(['agent'], MOST_AGENTS) : [],
  ]);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    calls: await shown(needs, page),
    next: rows.length > limit && last ? `${last.ended_at}_${last.call_id}` : null,
    choices: isFirst ? { branches, agents: agents.map(({ staffId, name }) => ({ staffId, name })) } : null,
  };
}

const IS: Record<string, CallEvent['is']> = {
  'call.held': 'held',
  'call.resumed': 'resumed',
  'call.participant-joined': 'joined',
  'call.participant-changed': 'changed',
  'call.participant-renewed': 'renewed',
  'call.participant-left': 'left',
  'call.participant-lost': 'line-lost',
  'call.participant-back': 'line-back',
  'call.lead-passed': 'lead-passed',
};
/** The customer's side first, then the agent's. */
const ORDER = ['customer', 'agent', 'expert', 'branch-staff', 'supervisor'];
const bySide = (a: SideRow, b: SideRow) => ORDER.indexOf(a.role) - ORDER.indexOf(b.role);

/** Events that say as what somebody is there from then on. */
const OF_STAYS: ReadonlySet<CallEvent['is']> = new Set(['joined', 'changed', 'renewed']);

/** One ended call with all that is kept of its quality, and of who was there and why. */
export async function callQuality(needs: Needs, callId: string): Promise<CallQuality> {
  const found = await needs.quality.call(callId);
  const [call] = found ? await shown(needs, [found.row]) : [];
  if (!found || !call) throw new Refusal('not-found', 'no such call that is over');
  const { row, sides, samples, events } = found;
  const isCustomer = (id: string) => id === row.kiosk_id;
  /** Who leads takes the call's own place in the facts; whoever else it is about has one of their own. */
  const whoOf = ({ kind, about, data }: (typeof events)[number]): string => {
    if (kind === 'call.lead-passed') return about['staffId'] ?? '';
    if (about['participantId'] !== undefined) return about['participantId'];
    return data['who'] === 'customer' ? '' : (about['staffId'] ?? '');
  };
  const staffIds = [...sides.map(({ participant }) => participant), ...events.map(whoOf)];
  const [names, reasons] = await Promise.all([
    needs.staff.names([...new Set(staffIds.filter((id) => id !== '' && !isCustomer(id)))]),
    needs.calls.reasonsOf([callId]),
  ]);
  const whys = new Map(reasons.map(({ reasonId, why }) => [reasonId, why]));
  return {
    call,
    sides: sides.toSorted(bySide).map((side) => ({
      summary: {
        role: side.role,
        name: isCustomer(side.participant) ? '' : (names.get(side.participant) ?? ''),
        samples: side.samples,
        score: rounded(side.score, 1),
        worst:
          side.worst_at === null || side.worst_score === null
            ? null
            : { at: side.worst_at, score: rounded(side.worst_score, 1) ?? 1 },
        lossPercent: rounded(side.loss, 1),
        roundTripMs: rounded(side.round_trip, 0),
        frozenSeconds: Math.round(side.frozen_ms / 1000),
        cutSeconds: Math.round(side.cut_ms / 1000),
      },
      timeline: samples
        .filter(({ participant }) => participant === side.participant)
        .map(sampleOf)
        .map((one) => ({ ...one, score: rounded(one.score, 2) })),
    })),
    events: events.flatMap((event) => {
      const is = IS[event.kind];
      if (!is) return [];
      const mode = ParticipantMode.safeParse(event.data['mode']);
      const stay = OF_STAYS.has(is);
      return [
        {
          at: event.at,
          is,
          who: names.get(whoOf(event)) ?? '',
          mode: stay && mode.success ? mode.data : null,
          why: stay ? (whys.get(String(event.data['reasonId'])) ?? null) : null,
        },
      ];
    }),
    keptDays: SAMPLES_KEPT_DAYS,
  };
}
