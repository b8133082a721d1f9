import type { SelfTestResult, SelfTestWhy } from '@openvtm/protocol';

/** What one check found; the check's name is added by who ran it. */
export type Found = Omit<SelfTestResult, 'check'>;
export const good = (value: number): Found => ({ outcome: 'good', why: null, value });
export const poor = (why: SelfTestWhy, value: number | null): Found => ({ outcome: 'poor', why, value });
export const failed = (why: SelfTestWhy, value: number | null = null): Found => ({ outcome: 'failed', why, value });
/** There is no such thing here, and that is no fault. */
export const none: Found = { outcome: 'none', why: null, value: null };
