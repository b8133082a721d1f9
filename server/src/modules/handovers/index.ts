import { createHmac, randomInt } from 'node:crypto';
import type { HandoverPurpose } from '@openvtm/protocol';
import type { Keys } from '../../kernel/crypto.ts';
import type { Database } from '../../kernel/db.ts';
import type { Work } from '../../kernel/work.ts';
import { afterWrong, CODE_LIVES_MS, holds, isLocked, TRIES } from './handover-state.ts';
import {
  dropCodesBefore,
  dropFollower,
  dropFollowersBefore,
  followerOf,
  followersOfCase,
  insertCode,
  lockCode,
  lockGuess,
  prolongAppointmentCode,
  replaceOpenAppointmentCode,
  replaceOpenCode,
  saveFollower,
  spendAppointmentCode,
  spendCode,
  updateGuess,
  type CodeRow,
} from './handovers.store.ts';

export type HandoverFact = {
  kind: 'handover.offered' | 'handover.taken' | 'handover.refused' | 'handover.followed' | 'handover.forgotten';
  about: { kioskId: string; caseId?: string; appointmentId?: string };
  data?: Record<string, string | number | null>;
};
/** `ahead`: of a case sent ahead; it brings the case as often as it is asked for, and only the server makes it. */
export type CodePurpose = HandoverPurpose | 'ahead';
/** What a code brings, or why it brings nothing. */
export type Taken =
  | { is: 'held'; caseId: string; fromKioskId: string; purpose: HandoverPurpose }
  /** Not spent: the case goes from device to device by it while it is reviewed. */
  | { is: 'ahead'; caseId: string; fromKioskId: string }
  /** Not spent yet: whether it is time is the appointment's matter, see `spendForAppointment`. */
  | { is: 'appointment'; appointmentId: string }
  | { is: 'unknown'; triesLeft: number }
  | { is: 'used' | 'expired' }
  | { is: 'elsewhere'; branchId: string }
  | { is: 'locked'; until: number };

/** Codes by which a case goes on at another device, and the devices that follow it afterwards. */
export type Handovers = {
  /** A new code that holds until `expiresAt`, or for ten minutes; the one before, for the same purpose, no longer holds. */
  offer(
    work: Work,
    wish: { caseId: string; kioskId: string; branchId: string; purpose: CodePurpose; expiresAt?: number },
  ): Promise<{ code: string; expiresAt: number }>;
  /** The code of an appointment, for the whole time until its day ends; the one before no longer holds. */
  offerForAppointment(
    work: Work,
    wish: { appointmentId: string; kioskId: string; branchId: string; expiresAt: number },
  ): Promise<{ code: string }>;
  /** The appointment was moved: its code holds until then. */
  prolongForAppointment(work: Work, wish: { appointmentId: string; expiresAt: number }): Promise<void>;
  /** The code of an appointment has brought its customer. */
  spendForAppointment(work: Work, wish: { appointmentId: string; kioskId: string }): Promise<void>;
  /** The appointment is no more, and neither is its code. */
  endForAppointment(work: Work, appointmentId: string): Promise<void>;
  /** A case sent ahead is over, and so is its code. */
  endAhead(work: Work, caseId: string): Promise<void>;
  /** Spends the code of a device at a branch, or counts a wrong one. A phone may take an appointment's code, or that of a case sent ahead, at any branch. */
  take(work: Work, wish: { code: string; kioskId: string; branchId: string; onPhone: boolean }): Promise<Taken>;
  follow(work: Work, who: { kioskId: string; caseId: string }): Promise<void>;
  forget(work: Work, who: { kioskId: string; caseId: string }): Promise<void>;
  /** The case that a device follows. */
  followedBy(kioskId: string): Promise<{ caseId: string; since: number } | null>;
  followersOf(caseId: string): Promise<string[]>;
  /** Removes what nobody asks for any more. */
  sweep(work: Work): Promise<void>;
};

export const handoversSchema = { schema: 'handovers', dir: new URL('./migrations/', import.meta.url) };

/** No 0 O 1 I L: it is read from one screen and typed on another. */
const LETTERS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const LENGTH = 8;
const KEEP_CODES_MS = 24 * 3_600_000;
/** A month to come back for the receipt. */
const KEEP_FOLLOWED_MS = 30 * 24 * 3_600_000;

/** Codes whose customer is at home with a phone: their branch counts where the customer comes to. */
const LASTING: ReadonlySet<CodeRow['purpose']> = new Set(['appointment', 'ahead']);

const newCode = () => Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');
const tidied = (code: string) => code.toUpperCase().replace(/[^A-Z0-9]/g, '');

export function openHandovers({ database, keys }: { database: Database; keys: Keys }): Handovers {
  const key = keys.derive('handover-codes');
  const hashOf = (code: string) => createHmac('sha256', key).update(tidied(code)).digest();
  const record = (work: Work, fact: HandoverFact) => work.record(fact);
  type Brings = Pick<CodeRow, 'case_id' | 'appointment_id' | 'purpose'>;
  const make = async (
    work: Work,
    { kioskId, branchId, expiresAt, ...brings }: Brings & { kioskId: string; branchId: string; expiresAt: number },
  ): Promise<string> => {
    const code = newCode();
    await insertCode(work.tx, {
      ...brings,
      hash: hashOf(code),
      kiosk_id: kioskId,
      branch_id: branchId,
      state: 'open',
      made_at: work.now,
      expires_at: expiresAt,
      used_at: null,
      used_by: null,
    });
    return `${code.slice(0, 4)}-${code.slice(4)}`;
  };

  return {
    async offer(work, { caseId, kioskId, branchId, purpose, expiresAt = work.now + CODE_LIVES_MS }) {
      await replaceOpenCode(work.tx, caseId, purpose);
      const code = await make(work, { case_id: caseId, appointment_id: null, kioskId, branchId, purpose, expiresAt });
      record(work, { kind: 'handover.offered', about: { kioskId, caseId }, data: { purpose } });
      return { code, expiresAt };
    },

    async offerForAppointment(work, { appointmentId, kioskId, branchId, expiresAt }) {
      await replaceOpenAppointmentCode(work.tx, appointmentId);
      const purpose = 'appointment';
      const code = await make(work, {
        case_id: null,
        appointment_id: appointmentId,
        kioskId,
        branchId,
        purpose,
        expiresAt,
      });
      record(work, { kind: 'handover.offered', about: { kioskId, appointmentId }, data: { purpose } });
      return { code };
    },
    async prolongForAppointment(work, { appointmentId, expiresAt }) {
      await prolongAppointmentCode(work.tx, appointmentId, expiresAt);
    },
    async spendForAppointment(work, { appointmentId, kioskId }) {
      await spendAppointmentCode(work.tx, appointmentId, { used_at: work.now, used_by: kioskId });
      record(work, { kind: 'handover.taken', about: { kioskId, appointmentId }, data: { purpose: 'appointment' } });
    },
    async endForAppointment(work, appointmentId) {
      await replaceOpenAppointmentCode(work.tx, appointmentId);
    },

    endAhead: async (work, caseId) => void (await replaceOpenCode(work.tx, caseId, 'ahead')),

    async take(work, { code, kioskId, branchId, onPhone }) {
      const row = await lockGuess(work.tx, kioskId);
      const guesses = { wrong: row.wrong, lockedUntil: row.locked_until };
      if (isLocked(guesses, work.now)) return { is: 'locked', until: guesses.lockedUntil ?? work.now };
      const found = await lockCode(work.tx, hashOf(code));
      const outcome = holds(
        found ? { state: found.state, branchId: found.branch_id, expiresAt: found.expires_at } : null,
        // A phone only holds the appointment: its branch counts where the customer checks in.
        { branchId: onPhone && found && LASTING.has(found.purpose) ? found.branch_id : branchId, now: work.now },
      );
      if (outcome === 'unknown') {
        const after = afterWrong(guesses, work.now);
        await updateGuess(work.tx, kioskId, { wrong: after.wrong, locked_until: after.lockedUntil });
        record(work, { kind: 'handover.refused', about: { kioskId }, data: { wrong: after.wrong } });
        if (after.lockedUntil !== null) return { is: 'locked', until: after.lockedUntil };
        return { is: 'unknown', triesLeft: TRIES - after.wrong };
      }
      if (!found || outcome === 'used' || outcome === 'expired') return { is: outcome === 'used' ? 'used' : 'expired' };
      if (outcome === 'elsewhere') return { is: 'elsewhere', branchId: found.branch_id };
      await updateGuess(work.tx, kioskId, { wrong: 0, locked_until: null });
      const { case_id: caseId, kiosk_id: fromKioskId, purpose, appointment_id: appointmentId } = found;
      if (purpose === 'appointment') return { is: 'appointment', appointmentId: appointmentId ?? '' };
      if (purpose === 'ahead' && caseId !== null) return { is: 'ahead', caseId, fromKioskId };
      await spendCode(work.tx, found.hash, { used_at: work.now, used_by: kioskId });
      if (caseId === null || purpose === 'ahead') return { is: 'expired' };
      record(work, { kind: 'handover.taken', about: { kioskId, caseId }, data: { from: fromKioskId, purpose } });
      return { is: 'held', caseId, fromKioskId, purpose };
    },

    async follow(work, { kioskId, caseId }) {
      await saveFollower(work.tx, { kiosk_id: kioskId, case_id: caseId, since: work.now });
      record(work, { kind: 'handover.followed', about: { kioskId, caseId } });
    },
    async forget(work, { kioskId, caseId }) {
      // A device that does not follow the case has nothing to forget of it.
      if (await dropFollower(work.tx, { kioskId, caseId }))
        record(work, { kind: 'handover.forgotten', about: { kioskId, caseId } });
    },
    async followedBy(kioskId) {
      const row = await followerOf(database, kioskId);
      return row ? { caseId: row.case_id, since: row.since } : null;
    },
    followersOf: async (caseId) => (await followersOfCase(database, caseId)).map((row) => row.kiosk_id),
    async sweep(work) {
      await dropCodesBefore(work.tx, work.now - KEEP_CODES_MS);
      await dropFollowersBefore(work.tx, work.now - KEEP_FOLLOWED_MS);
    },
  };
}
