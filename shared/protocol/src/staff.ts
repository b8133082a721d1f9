import { z } from 'zod';
import { Instant, StaffId } from './ids.ts';
import { Language, StaffRole } from './roles.ts';

/** A member of staff as their own screen shows them. */
export const StaffView = z.object({
  staffId: StaffId,
  username: z.string(),
  name: z.string(),
  roles: z.array(StaffRole),
  skills: z.record(z.string(), z.number().int()),
  languages: z.array(Language),
});
export type StaffView = z.infer<typeof StaffView>;

/** GET, for anybody: the bank's own picture for agents to stand before; 404 where it has none. */
export const BACKGROUND_PATH = '/api/background';
/** What agents may stand before. `picture`: the bank's own, by its address on this server; null: the shipped one. */
export const DeskBackground = z.object({ allowed: z.boolean(), picture: z.string().nullable() });
export type DeskBackground = z.infer<typeof DeskBackground>;

/** POST /api/staff/login. The refresh token travels in an HttpOnly cookie only. */
export const LoginIn = z.object({ username: z.string().trim().min(1).max(60), password: z.string().min(1).max(200) });
/** Answer of login and of POST /api/staff/refresh (no body; the cookie rotates). */
export const LoginOut = z.object({ accessToken: z.string(), expiresAt: Instant, staff: StaffView });
export type LoginOut = z.infer<typeof LoginOut>;
