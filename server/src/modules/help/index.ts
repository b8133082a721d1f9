import { randomUUID } from 'node:crypto';
import type { HelpPlace, LostWhy } from '@openvtm/protocol';
import type { Keys } from '../../kernel/crypto.ts';
import type { Database, Queryable } from '../../kernel/db.ts';
import { Refusal } from '../../kernel/errors.ts';
import type { Work } from '../../kernel/work.ts';
import { createEscalations } from './escalations.ts';
import {
  insertHelp,
  lastNoticed,
  lockHelp,
  noticedBefore,
  openHelpOfBranch,
  openHelpOfKiosk,
  updateHelp,
  type ClosedBy,
  type HelpRow,
} from './help.store.ts';

export type HelpFact = {
  kind: 'help.noticed' | 'help.called' | 'help.coming' | 'help.closed';
  about: { helpId: string; kioskId: string; branchId: string; caseId?: string };
  data: { why: string; by?: ClosedBy };
};
/** Where the customer stood, by names of the catalogue. */
export type Stood = {
  caseId: string | null;
  at: HelpPlace['at'];
  serviceId: string | null;
  step: string | null;
  field: string | null;
};
export type HelpBrief = {
  helpId: string;
  kioskId: string;
  calledAt: number;
  state: 'noticed' | 'called' | 'coming';
  since: number;
  staffId: string | null;
  why: LostWhy | 'called';
  stood: Stood;
};

/** An agent called by branch staff for a case. `joinedAt` null: its customer is asked for consent first. */
export type EscalationBrief = { staffId: string; note: string; madeAt: number; joinedAt: number | null };

/** Branch staff beside a customer have an agent called. The caller holds the case's lock. */
export type Escalations = {
  /** `consented` false: the case joins the queue when its customer has agreed. */
  escalate(
    work: Work,
    wish: {
      caseId: string;
      kioskId: string;
      branchId: string;
      staffId: string;
      note: string;
      consented: boolean;
    },
  ): Promise<void>;
  /** The customer has agreed at this kiosk; whether an escalation waited for that. */
  escalationConsented(work: Work, where: { caseId: string; kioskId: string }): Promise<boolean>;
  /** The newest of a case; null: there was none. `reader`: the change in which it is read. */
  escalationOf(caseId: string, reader?: Queryable): Promise<EscalationBrief | null>;
};

/** Customers who need branch staff at the kiosk: who called, and who the kiosk noticed is lost. */
export type Help = Escalations & {
  call(work: Work, who: { kioskId: string; branchId: string }, stood: Stood): Promise<string>;
  /** The customer seems lost. null: something is open already, or help was offered too short a while ago. */
  notice(
    work: Work,
    who: { kioskId: string; branchId: string },
    lost: { why: LostWhy } & Stood,
  ): Promise<string | null>;
  /** By the customer who no longer needs it, or needed none; `not-found` for another kiosk's. */
  cancel(work: Work, who: { kioskId: string }, helpId: string): Promise<void>;
  /** `wrong-state` when a colleague is on the way or it is closed; `not-found` for another branch's. */
  answer(work: Work, who: { staffId: string; branchId: string }, helpId: string): Promise<void>;
  close(work: Work, who: { branchId: string }, helpId: string): Promise<void>;
  /** The customer gets on: what was only noticed is over. */
  wentOn(work: Work, kioskId: string): Promise<void>;
  /** The customer is gone: what the customer did not ask for is over, even if somebody is on the way. */
  left(work: Work, kioskId: string): Promise<void>;
  /** Closes what was noticed long ago and nobody took up. */
  sweep(work: Work): Promise<void>;
  ofKiosk(kioskId: string): Promise<HelpBrief | null>;
  ofBranch(branchId: string): Promise<HelpBrief[]>;
};

/** ms until help is offered again to the same customer: after an offer that was not answered, and after a "no thank you". */
export const OFFER_AGAIN_MS = 4 * 60_000;
export const OFFER_AFTER_NO_MS = 15 * 60_000;
/** ms after which a customer who was noticed and touched nothing since is not lost but gone. */
export const NOTICED_MS = 10 * 60_000;

export const helpSchema = { schema: 'help', dir: new URL('./migrations/', import.meta.url) };

const briefOf = (row: HelpRow): HelpBrief => ({
  helpId: row.id,
  kioskId: row.kiosk_id,
  calledAt: row.called_at,
  state: row.state === 'closed' ? 'called' : row.state,
  since: row.since,
  staffId: row.staff_id,
  why: row.why,
  stood: { caseId: row.case_id, at: row.at, serviceId: row.service_id, step: row.step, field: row.field },
});

export function openHelp({ database, keys }: { database: Database; keys: Keys }): Help {
  const record = (work: Work, row: HelpRow, { kind, by }: { kind: HelpFact['kind']; by?: ClosedBy }) => {
    const { id: helpId, kiosk_id: kioskId, branch_id: branchId } = row;
    const fact: HelpFact = {
      kind,
      about: { helpId, kioskId, branchId, ...(row.case_id ? { caseId: row.case_id } : {}) },
      data: { why: row.why, ...(by ? { by } : {}) },
    };
    work.record(fact);
  };
  const mine = async (work: Work, helpId: string, holds: (row: HelpRow) => boolean) => {
    const row = await lockHelp(work.tx, helpId);
    if (!row || !holds(row)) throw new Refusal('not-found', 'no such call for help');
    return row;
  };
  const shut = async (work: Work, row: HelpRow, by: ClosedBy) => {
    if (row.state === 'closed') return;
    await updateHelp(work.tx, row.id, { state: 'closed', since: work.now, closed_by: by });
    record(work, row, { kind: 'help.closed', by });
  };
  /** The kiosk's open row, locked, if it is one of these; unlocked reading first: most of the time there is none. */
  const openWhere = async (work: Work, kioskId: string, holds: (row: HelpRow) => boolean) => {
    const open = await openHelpOfKiosk(work.tx, kioskId);
    const row = open && holds(open) ? await lockHelp(work.tx, open.id) : undefined;
    return row && holds(row) ? row : undefined;
  };
  const rowOf = (
    work: Work,
    { kioskId, branchId }: { kioskId: string; branchId: string },
    stood: Stood,
  ): Omit<HelpRow, 'state' | 'why' | 'asked'> => ({
    id: randomUUID(),
    kiosk_id: kioskId,
    branch_id: branchId,
    called_at: work.now,
    since: work.now,
    staff_id: null,
    case_id: stood.caseId,
    at: stood.at,
    service_id: stood.serviceId,
    step: stood.step,
    field: stood.field,
    closed_by: null,
  });

  return {
    ...createEscalations({ database, keys }),
    async call(work, who, stood) {
      const open = await openHelpOfKiosk(work.tx, who.kioskId);
      const row = open && (await lockHelp(work.tx, open.id));
      if (row && row.state !== 'closed') {
        // Who is on the way already goes on coming; the customer has now asked for it.
        const called =
          row.state === 'noticed' ? { state: 'called' as const, called_at: work.now, since: work.now } : {};
        if (!row.asked) {
          await updateHelp(work.tx, row.id, { asked: true, ...called });
          record(work, row, { kind: 'help.called' });
        }
        return row.id;
      }
      const fresh: HelpRow = { ...rowOf(work, who, stood), state: 'called', why: 'called', asked: true };
      await insertHelp(work.tx, fresh);
      record(work, fresh, { kind: 'help.called' });
      return fresh.id;
    },
    async notice(work, who, { why, ...stood }) {
      if (await openHelpOfKiosk(work.tx, who.kioskId)) return null;
      const last = await lastNoticed(work.tx, { kioskId: who.kioskId, caseId: stood.caseId });
      const rest = last?.closed_by === 'customer' ? OFFER_AFTER_NO_MS : OFFER_AGAIN_MS;
      if (last && work.now - last.since < rest) return null;
      const row: HelpRow = { ...rowOf(work, who, stood), state: 'noticed', why, asked: false };
      await insertHelp(work.tx, row);
      record(work, row, { kind: 'help.noticed' });
      return row.id;
    },
    async cancel(work, { kioskId }, helpId) {
      await shut(work, await mine(work, helpId, (row) => row.kiosk_id === kioskId), 'customer');
    },
    async answer(work, { staffId, branchId }, helpId) {
      const row = await mine(work, helpId, (one) => one.branch_id === branchId);
      if (row.state === 'coming' && row.staff_id === staffId) return;
      if (row.state !== 'called' && row.state !== 'noticed')
        throw new Refusal('wrong-state', 'somebody is on the way, or it is closed');
      await updateHelp(work.tx, row.id, { state: 'coming', since: work.now, staff_id: staffId });
      record(work, row, { kind: 'help.coming' });
    },
    async close(work, { branchId }, helpId) {
      await shut(work, await mine(work, helpId, (row) => row.branch_id === branchId), 'staff');
    },
    async wentOn(work, kioskId) {
      const row = await openWhere(work, kioskId, ({ state }) => state === 'noticed');
      if (row) await shut(work, row, 'went-on');
    },
    async left(work, kioskId) {
      const row = await openWhere(work, kioskId, ({ asked }) => !asked);
      if (row) await shut(work, row, 'left');
    },
    async sweep(work) {
      for (const row of await noticedBefore(work.tx, work.now - NOTICED_MS)) await shut(work, row, 'expired');
    },
    async ofKiosk(kioskId) {
      const row = await openHelpOfKiosk(database, kioskId);
      return row ? briefOf(row) : null;
    },
    ofBranch: async (branchId) => (await openHelpOfBranch(database, branchId)).map(briefOf),
  };
}
