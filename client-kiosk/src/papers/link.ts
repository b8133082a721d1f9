import { HandoutLookOut, HandoutOpenOut, HandoutToken } from '@openvtm/protocol';

/** The server is not there. */
export class Offline extends Error {}

/** The token behind the # of this page's address; it leaves the address at once, so that no history keeps it. */
export function takeToken(place: Location, history: History): string | null {
  const read = HandoutToken.safeParse(place.hash.slice(1));
  if (place.hash !== '') history.replaceState(null, '', place.pathname);
  return read.success ? read.data : null;
}

type Schema<T> = { parse(answer: unknown): T };
async function post<T>(path: string, body: unknown, schema: Schema<T>): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(`/api/handouts/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-openvtm': '1' },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Offline();
  }
  if (!answer.ok) throw new Offline();
  return schema.parse(await answer.json());
}

export const lookAt = (token: string) => post('look', { token }, HandoutLookOut);
export const openLink = (token: string, digits: string) => post('open', { token, digits }, HandoutOpenOut);

/** A paper's bytes; null: it is not given (any more). Throws `Offline`, and then it may be asked for again. */
export async function fetchPaper(key: string, number: number): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    const answer = await fetch(`/api/handouts/papers/${number}`, {
      headers: { authorization: `Bearer ${key}`, 'x-openvtm': '1' },
    });
    return answer.ok ? new Uint8Array(await answer.arrayBuffer()) : null;
  } catch {
    throw new Offline();
  }
}
