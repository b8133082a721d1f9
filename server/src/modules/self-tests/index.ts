import { randomUUID } from 'node:crypto';
import { SELF_TEST_ASKED_MS, type SelfTest, type SelfTestResult } from '@openvtm/protocol';
import type { Database } from '../../kernel/db.ts';
import type { Work } from '../../kernel/work.ts';
import { askedSince, forgetOlder, insertTest, lastTests, saveAsked, takeAsked } from './self-tests.store.ts';

export type SelfTestFact = {
  kind: 'self-test.asked' | 'self-test.kept' | 'self-test.stopped';
  about: { kioskId?: string; staffId?: string; branchId?: string };
  data: Record<string, string>;
};

/** A device that tests itself: a kiosk, or the computer that somebody of the staff sits at. */
export type Device = { kioskId: string; branchId: string } | { staffId: string };

/** What devices found when they tested themselves, and which kiosks are asked to. */
export type SelfTests = {
  /** Asks a kiosk; again while it is asked, anew. */
  ask(work: Work, who: { kioskId: string; branchId: string }): Promise<void>;
  /** The kiosk is asked no longer; nothing where it was not. */
  stop(work: Work, kioskId: string): Promise<void>;
  keep(work: Work, device: Device, results: SelfTestResult[]): Promise<void>;
  /** Since when each of these is asked, where it is. */
  asked(kioskIds: string[], now: number): Promise<Map<string, number>>;
  /** The newest of each that has one. */
  last(kioskIds: string[]): Promise<Map<string, SelfTest>>;
};

const KEPT = 20;
const deviceOf = (device: Device) => ('kioskId' in device ? `kiosk:${device.kioskId}` : `staff:${device.staffId}`);

export const selfTestsSchema = { schema: 'self_tests', dir: new URL('./migrations/', import.meta.url) };

export function openSelfTests({ database }: { database: Database }): SelfTests {
  const record = (work: Work, fact: SelfTestFact) => work.record(fact);
  return {
    async ask(work, { kioskId, branchId }) {
      await saveAsked(work.tx, { kiosk_id: kioskId, branch_id: branchId, at: work.now });
      record(work, { kind: 'self-test.asked', about: { kioskId, branchId }, data: {} });
    },
    async stop(work, kioskId) {
      const asked = await takeAsked(work.tx, kioskId);
      if (asked) record(work, { kind: 'self-test.stopped', about: { kioskId, branchId: asked.branch_id }, data: {} });
    },
    async keep(work, device, results) {
      const name = deviceOf(device);
      await insertTest(work.tx, { id: randomUUID(), device: name, at: work.now, results });
      await forgetOlder(work.tx, name, KEPT);
      if ('kioskId' in device) await takeAsked(work.tx, device.kioskId);
      const failed = results.filter(({ outcome }) => outcome === 'failed').map(({ check }) => check);
      record(work, { kind: 'self-test.kept', about: { ...device }, data: { failed: failed.join(' ') } });
    },
    async asked(kioskIds, now) {
      if (kioskIds.length === 0) return new Map();
      const rows = await askedSince(database, { kioskIds, since: now - SELF_TEST_ASKED_MS });
      return new Map(rows.map((row) => [row.kiosk_id, row.at]));
    },
    async last(kioskIds) {
      if (kioskIds.length === 0) return new Map();
      const rows = await lastTests(
        database,
        kioskIds.map((kioskId) => deviceOf({ kioskId, branchId: '' })),
      );
      return new Map(rows.map(({ device, at, results }) => [device.slice('kiosk:'.length), { at, results }]));
    },
  };
}
