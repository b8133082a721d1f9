import { z } from 'zod';
import { notice, request } from './define.ts';
import { KioskCustomer } from './help.ts';
import { Instant, KioskId } from './ids.ts';

/** What a device tries on itself, in this order. `udp`, `tcp` and `turn` are the three ways that media may go. */
export const SelfTestCheck = z.enum([
  'camera',
  'document-camera',
  'microphone',
  'speaker',
  'udp',
  'tcp',
  'turn',
  'bandwidth',
  'clock',
]);
export type SelfTestCheck = z.infer<typeof SelfTestCheck>;

/** Why a check is not good. */
export const SelfTestWhy = z.enum([
  'refused',
  'missing',
  'busy',
  'dark',
  'frozen',
  'silent',
  'not-heard',
  'no-connection',
  'slow',
  'far-off',
  'unknown',
]);
export type SelfTestWhy = z.infer<typeof SelfTestWhy>;

/**
 * `none`: there is no such device, or nothing configured, and that is no fault. `value`: frames a second (cameras), dBFS
 * (microphone), dB that the tone rose by (speaker), ms of round trip (`udp`, `tcp`, `turn`), Mbit/s of the slower way
 * (bandwidth), ms that the device's clock is ahead (clock).
 */
export const SelfTestResult = z.object({
  check: SelfTestCheck,
  outcome: z.enum(['good', 'poor', 'failed', 'none']),
  why: SelfTestWhy.nullable(),
  value: z.number().min(-1e12).max(1e12).nullable(),
});
export type SelfTestResult = z.infer<typeof SelfTestResult>;

const Results = z
  .array(SelfTestResult)
  .min(1)
  .max(SelfTestCheck.options.length)
  .refine((all) => new Set(all.map(({ check }) => check)).size === all.length, 'a check twice');

export const SelfTest = z.object({ at: Instant, results: Results });
export type SelfTest = z.infer<typeof SelfTest>;

/** A kiosk of a branch, as its staff see how it is. */
export const KioskHealth = z.object({
  kioskId: KioskId,
  name: z.string(),
  /** Asked to test itself, and not done yet. */
  askedAt: Instant.nullable(),
  last: SelfTest.nullable(),
  /** null: nobody is at it. */
  customer: KioskCustomer.nullable(),
});
export type KioskHealth = z.infer<typeof KioskHealth>;

/** Bytes that are sent each way to measure the bandwidth: two seconds at 4 Mbit/s, which a call in 720p needs. */
export const BANDWIDTH_BYTES = 1_000_000;
/** ms after which a kiosk that did not test itself is no longer asked to. */
export const SELF_TEST_ASKED_MS = 10 * 60_000;

export const selfTestRequests = {
  /** Branch staff want a kiosk of their branch to test itself. It does so when nobody is at it: `wrong-state` while a case is open there. */
  'self-test:ask': request({
    from: ['branch-staff'],
    stage: 'ready',
    changes: true,
    in: z.object({ kioskId: KioskId }),
    out: z.object({}),
  }),
  /** The kiosk's test, stopped at the screen: it is asked no longer. */
  'self-test:stop': request({ from: ['kiosk'], stage: 'ready', changes: true, in: z.object({}), out: z.object({}) }),
  /** What a device found. The last twenty of each device are kept. */
  'self-test:keep': request({
    from: ['kiosk', 'agent', 'branch-staff', 'supervisor'],
    stage: 'ready',
    changes: true,
    in: z.object({ results: Results }),
    out: z.object({}),
  }),
};

export const selfTestNotices = {
  /** Since when the kiosk is asked to test itself. */
  'self-test:changed': notice({ to: ['kiosk'], data: z.object({ selfTest: Instant.nullable() }) }),
  'self-test:list-changed': notice({ to: ['branch-staff'], data: z.object({ kiosks: z.array(KioskHealth) }) }),
};
