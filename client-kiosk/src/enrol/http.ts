import { Failure } from '@openvtm/protocol';

/** The server answered, and the answer is no. */
export class HttpRefused extends Error {
  readonly code: Failure['code'];
  readonly ref: string;
  constructor({ code, ref }: Failure) {
    super(code);
    this.code = code;
    this.ref = ref;
  }
}

/** What a refusing answer's body says; servers in between (proxies) answer in their own way. */
export function failureOf(body: unknown): Failure {
  const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined;
  const parsed = Failure.safeParse(error);
  return parsed.success ? parsed.data : { code: 'unavailable', ref: '' };
}

/** POSTs JSON and reads the answer by its schema. Rejects with HttpRefused, or otherwise when there is no network. */
export async function post<T>(path: string, data: unknown, answer: { parse(body: unknown): T }): Promise<T> {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(data),
    cache: 'no-store',
    signal: AbortSignal.timeout(10_000),
  });
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw new HttpRefused(failureOf(body));
  return answer.parse(body);
}
