import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { NameTaken, SealCertificateUnusable, startApp } from './app.ts';
import { ConfigError, readConfig } from './config/index.ts';
import { systemClock } from './kernel/clock.ts';
import type { Connection } from './kernel/db.ts';
import { FileStoreUnusable } from './kernel/files/index.ts';
import { createLog } from './kernel/log.ts';
import { startEmbeddedPostgres, DataFolderInUse, DataFolderUnusable } from './kernel/postgres/index.ts';
import { WrongPurpose } from './kernel/purpose.store.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** Mistakes that the person who starts it can mend are said in one sentence, without a stack. */
const isPlain = (error: unknown): error is Error =>
  [
    ConfigError,
    DataFolderInUse,
    DataFolderUnusable,
    FileStoreUnusable,
    NameTaken,
    SealCertificateUnusable,
    WrongPurpose,
  ].some((kind) => error instanceof kind) ||
  (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE');

async function main(): Promise<void> {
  const config = readConfig();
  const log = createLog({ level: config.logLevel });
  await mkdir(config.dataDir, { recursive: true });
  const postgres = config.databaseUrl
    ? null
    : await startEmbeddedPostgres({ dataDir: join(config.dataDir, 'postgres'), log });
  const connection: Connection = config.databaseUrl ?? postgres?.connection ?? '';

  const administratorPassword = config.demo ? null : randomBytes(9).toString('base64url');
  const app = await startApp({
    config,
    connection,
    clock: systemClock,
    log,
    version,
    ...(administratorPassword ? { administratorPassword } : {}),
  }).catch(async (error: unknown) => {
    await postgres?.close();
    throw error;
  });
  for (const line of ['', `OpenVTM ${version} is ready.`, ...app.greeting, '']) say(line);

  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) process.exit(1);
    stopping = true;
    app
      .drain()
      .catch((error: unknown) => log.error({ err: error }, 'draining failed'))
      .then(() => app.close(signal))
      .then(() => postgres?.close())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ err: error }, 'closing failed');
          process.exit(1);
        },
      );
  };
  process.on('SIGINT', () => stop('SIGINT'));
  process.on('SIGTERM', () => stop('SIGTERM'));
}

main().catch((error: unknown) => {
  if (isPlain(error)) process.stderr.write(`\nOpenVTM can't start: ${error.message}\n\n`);
  else
    process.stderr.write(
      `\nOpenVTM can't start:\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n\n`,
    );
  process.exit(1);
});
