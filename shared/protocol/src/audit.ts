import { z } from 'zod';
import { Instant } from './ids.ts';

/** One line of the journal as an inspector reads it: ids and figures, never personal content. */
export const JournalLine = z.object({
  id: z.number().int(),
  at: Instant,
  actor: z.object({ kind: z.enum(['kiosk', 'staff', 'system']), id: z.string(), name: z.string() }),
  kind: z.string(),
  about: z.record(z.string(), z.string()),
  data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type JournalLine = z.infer<typeof JournalLine>;

/** GET /api/audit?before=&kind=&about=&limit= (inspector, supervisor, administrator), newest first. `next` is the `before` of the next page. */
export const AuditQuery = z.object({
  before: z.coerce.number().int().optional(),
  kind: z.string().max(60).optional(),
  about: z.string().max(60).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export const AuditPage = z.object({ lines: z.array(JournalLine), next: z.number().int().nullable() });
export type AuditPage = z.infer<typeof AuditPage>;

/** GET /api/app, for anybody: what every page must know before anybody signs in. */
export const AppInfo = z.object({ version: z.string(), demo: z.boolean() });
export type AppInfo = z.infer<typeof AppInfo>;
