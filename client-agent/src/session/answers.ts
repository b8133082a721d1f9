import { ErrorCode } from '@openvtm/protocol';

/** `until`: when what is locked opens again (ms since 1970, by this device's clock); null if the server did not say. */
export type HttpRefusal = { code: ErrorCode; ref: string; until: number | null };

/** The server's clock minus this device's (ms), as an answer tells it; 0 where it does not. */
export function clockAheadOf(response: Response, now: number): number {
  const served = Date.parse(response.headers.get('Date') ?? '');
  return Number.isNaN(served) ? 0 : served - now;
}

/** Reads `{ error: { code, ref, until? } }` out of an answer that is not ok; `internal` for anything else. */
export async function refusalFrom(response: Response, now: number = Date.now()): Promise<HttpRefusal> {
  const body: unknown = await response.json().catch(() => null);
  const error = field(body, 'error');
  const code = ErrorCode.safeParse(field(error, 'code'));
  const ref = field(error, 'ref');
  const until = field(error, 'until');
  return {
    code: code.success ? code.data : 'internal',
    ref: typeof ref === 'string' ? ref : '',
    until: typeof until === 'number' ? until - clockAheadOf(response, now) : null,
  };
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && name in value ? (value as Record<string, unknown>)[name] : undefined;
