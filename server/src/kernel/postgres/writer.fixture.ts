/**
 * A process for tests to kill: starts Postgres in the data folder given, says `started <pid>`, then inserts numbers
 * and says each one once it is committed. Ends in good order when its input ends.
 */
import { Client } from 'pg';
import { startEmbeddedPostgres } from './index.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);
const told = (facts: object, message: string) => process.stderr.write(`${message} ${JSON.stringify(facts)}\n`);

try {
  const dataDir = process.argv[2] ?? '';
  const postgres = await startEmbeddedPostgres({ dataDir, log: { info: told, warn: told, error: told } });
  process.stdin.resume().once('end', () => {
    void postgres.close().then(() => process.exit(0));
  });
  const client = new Client(postgres.connection);
  client.on('error', () => undefined);
  await client.connect();
  await client.query('create table if not exists written (n bigint primary key)');
  const { rows } = await client.query('select coalesce(max(n), 0)::int as last, pg_backend_pid() as pid from written');
  say(`started ${postgres.connection.host}`);
  for (let n = rows[0].last + 1; ; n += 1) {
    await client.query('insert into written values ($1)', [n]);
    say(`wrote ${n}`);
  }
} catch (error) {
  if (error instanceof Error) say(`failed ${error.name} ${error.message}`);
  process.exitCode = 1;
}
