import { Router, type Request, type Response } from 'express';
import { LoginIn, type LoginOut } from '@openvtm/protocol';
import { Refusal } from '../../kernel/errors.ts';
import type { Limit } from '../limits.ts';
import { bodyOf, requireOurPage } from './answers.ts';
import { limitBy } from './limit.ts';

/** What a sign-in answers with, and the refresh token for the cookie. */
type SignedIn = { out: LoginOut; refresh: string };
export type StaffHttp = {
  login(credentials: { username: string; password: string }): Promise<SignedIn>;
  refresh(cookie: string): Promise<SignedIn>;
  logout(cookie: string): Promise<void>;
};

const COOKIE = 'openvtm-refresh';
const PATH = '/api/staff';

const cookieOf = (request: Request): string | null =>
  (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(`${COOKIE}=`))
    ?.slice(COOKIE.length + 1) ?? null;

/** Sign-in of staff: password in, short token out, and a cookie that only these paths and no script ever see. */
export function staffRoutes(staff: StaffHttp, options: { https: boolean; credentials: Limit }): Router {
  const router = Router();
  const cookie = { httpOnly: true, sameSite: 'strict', secure: options.https, path: PATH } as const;
  const answer = (response: Response, { out, refresh }: SignedIn) => {
    response.cookie(COOKIE, refresh, { ...cookie, maxAge: 12 * 3_600_000 });
    response.json(out);
  };
  const limited = limitBy(options.credentials, 'login');

  router.post('/login', requireOurPage, limited, async (request, response) =>
    answer(response, await staff.login(bodyOf(request, LoginIn))),
  );
  router.post('/refresh', requireOurPage, async (request, response) => {
    const refresh = cookieOf(request);
    if (!refresh) throw new Refusal('expired', 'no cookie');
    try {
      answer(response, await staff.refresh(refresh));
    } catch (error) {
      if (error instanceof Refusal) response.clearCookie(COOKIE, cookie);
      throw error;
    }
  });
  router.post('/logout', requireOurPage, async (request, response) => {
    const refresh = cookieOf(request);
    if (refresh) await staff.logout(refresh);
    response.clearCookie(COOKIE, cookie).json({});
  });
  return router;
}
