import { randomBytes } from 'node:crypto';
import type { errorFamilies, ErrorCode } from '@openvtm/protocol';

type Refused = (typeof errorFamilies.refused)[number];
type Broke = (typeof errorFamilies.protocol)[number];

/** The user may not do this now. Told by its code; the work goes on. */
export class Refusal extends Error {
  readonly code: Refused;
  constructor(code: Refused, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Refusal';
    this.code = code;
  }
}

/** The client broke the protocol. */
export class ProtocolError extends Error {
  readonly code: Broke;
  constructor(code: Broke, message: string) {
    super(message);
    this.name = 'ProtocolError';
    this.code = code;
  }
}

/** What a failure is told as, and whether it is ours to look into. An unexpected error never tells its message. */
export function failureOf(error: unknown): { code: ErrorCode; ours: boolean } {
  if (error instanceof Refusal || error instanceof ProtocolError) return { code: error.code, ours: false };
  const pgCode = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  // Characters that Postgres keeps in no text, NUL above all: only somebody outside sends them.
  if (pgCode === '22021' || pgCode === '22P05') return { code: 'bad-request', ours: false };
  // 57P0x: Postgres is shutting down or starting; ECONN*: it is not there. Both pass.
  if (/^(57P0\d|08\d{3}|ECONN|ENOENT|EPIPE)/.test(pgCode)) return { code: 'unavailable', ours: true };
  return { code: 'internal', ours: true };
}

/** Eight characters that a person can read out on the phone and that find the log line. */
export const newRef = (): string => randomBytes(5).toString('hex').slice(0, 8);
