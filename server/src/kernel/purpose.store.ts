import type { Database } from './db.ts';

/** The database belongs to the other mode. */
export class WrongPurpose extends Error {
  override readonly name = 'WrongPurpose';
}

/** Marks a new database as a demonstration's or a real one's, and refuses one of the other kind: invented data never mix with real ones. */
export async function claimPurpose(database: Database, purpose: 'demo' | 'live'): Promise<void> {
  const db = database.as<{ 'kernel.setting': { name: string; value: string } }>();
  await db
    .insertInto('kernel.setting')
    .values({ name: 'purpose', value: purpose })
    .onConflict((c) => c.doNothing())
    .execute();
  const { value } = await db
    .selectFrom('kernel.setting')
    .select('value')
    .where('name', '=', 'purpose')
    .executeTakeFirstOrThrow();
  if (value !== purpose) {
    throw new WrongPurpose(
      value === 'demo'
        ? 'This database holds a demonstration. Give the configuration another databaseUrl or dataDir.'
        : 'This database holds real data. A demonstration does not start on it: name the configuration file with OPENVTM_CONFIG, or unset DATABASE_URL.',
    );
  }
}
