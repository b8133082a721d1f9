import type { LoginOut, StaffSnapshot } from '@openvtm/protocol';
import type { Http } from './http.ts';
import { createLabLine, type LabLine } from './line.ts';

export type LabStaff = LabLine<StaffSnapshot> & {
  readonly staffId: string;
  /** The access token, renewed by the cookie when it is about to run out. */
  token(): Promise<string>;
  /** The refresh cookie that the browser would hold now, as `name=value`. */
  readonly cookie: string;
  page(documentId: string, number: number, shape?: string): Promise<Response>;
};

export const cookieOf = (response: Response): string => response.headers.getSetCookie()[0]?.split(';')[0] ?? '';

/** A member of staff who signs in and has no line yet. */
export async function signInLabStaff(needs: {
  url: string;
  http: Http;
  now(): number;
  username: string;
  password: string;
}): Promise<LabStaff> {
  const { url, http, now, username, password } = needs;
  const login = await http.send('POST', '/api/staff/login', { body: { username, password } });
  if (!login.ok) throw new Error(`${username} can't sign in: ${await login.text()}`);
  let held = (await login.json()) as LoginOut;
  let cookie = cookieOf(login);
  const { staffId, roles } = held.staff;

  const token = async () => {
    if (held.expiresAt - now() > 5_000) return held.accessToken;
    const renewed = await http.send('POST', '/api/staff/refresh', { headers: { cookie } });
    if (!renewed.ok) throw new Error(`${username} can't renew the token: ${await renewed.text()}`);
    cookie = cookieOf(renewed);
    held = (await renewed.json()) as LoginOut;
    return held.accessToken;
  };

  const line = createLabLine<StaffSnapshot>({ url, who: username, roles, token });
  return Object.defineProperties(line, {
    cookie: { get: () => cookie },
    staffId: { value: staffId },
    token: { value: token },
    page: {
      value: async (documentId: string, number: number, shape = 'best') =>
        http.send('GET', `/api/documents/${documentId}/pages/${number}?shape=${shape}`, { token: await token() }),
    },
  }) as LabStaff;
}
