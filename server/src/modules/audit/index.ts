import type { AuditPage, AuditQuery } from '@openvtm/protocol';
import type { z } from 'zod';
import type { Database } from '../../kernel/db.ts';
import { journalLines } from './audit.store.ts';

/** Names of the actors by id, from wherever they are kept. */
export type NamesNeeded = (actors: { kiosks: string[]; staff: string[] }) => Promise<Map<string, string>>;

/** The journal as inspectors read it. */
export type Audit = { page(query: z.infer<typeof AuditQuery>): Promise<AuditPage> };

export function openAudit({ database, names }: { database: Database; names: NamesNeeded }): Audit {
  return {
    async page({ before, kind, about, limit }) {
      const filter = {
        limit: limit + 1,
        ...(before === undefined ? {} : { before }),
        ...(kind ? { kind } : {}),
        ...(about ? { about } : {}),
      };
      const rows = await journalLines(database, filter);
      const shown = rows.slice(0, limit);
      const idsOf = (kind: string) => [
        ...new Set(shown.filter((row) => row.actor_kind === kind).map((row) => row.actor_id)),
      ];
      const known = await names({ kiosks: idsOf('kiosk'), staff: idsOf('staff') });
      return {
        lines: shown.map((row) => ({
          id: row.id,
          at: row.at,
          actor: { kind: row.actor_kind, id: row.actor_id, name: known.get(row.actor_id) ?? row.actor_id },
          kind: row.kind,
          about: row.about,
          data: row.data,
        })),
        next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
      };
    },
  };
}
