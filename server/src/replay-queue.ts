import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { applyEdits, modify } from 'jsonc-parser';
import { ConfigError, readConfig } from './config/index.ts';
import { openReplays } from './flows/replay-day.ts';
import { openDatabase } from './kernel/db.ts';
import { createLog } from './kernel/log.ts';
import { DataFolderInUse, DataFolderUnusable } from './kernel/postgres/index.ts';
import { openQueue } from './modules/queue/index.ts';
import { comparison, replayPage } from './modules/replay/index.ts';
import { createServices } from './modules/services/index.ts';
import { reachDatabase, Refused } from './reach-database.ts';

const USAGE = `npm run queue:replay -- [options]
  --rules FILE          the changed rules, a whole file as an administrator writes it
  --set PATH=VALUE      one value of the rules in force changed, as queues.0.steps.0.seconds=30; as often as you like
  --day 2026-11-24      a recorded day; the last one when left out
  --generated           an invented day, also without any database; said to be invented
  --seed N              another invented day
  --language en|zh-CN   of the queues' names
  --out FOLDER          where the drawing goes; .data/replay when left out
  --json                the report as one JSON object on the last line`;

const say = (line: string) => process.stdout.write(`${line}\n`);

function options() {
  try {
    const { values } = parseArgs({
      options: {
        rules: { type: 'string' },
        set: { type: 'string', multiple: true, default: [] },
        day: { type: 'string' },
        generated: { type: 'boolean', default: false },
        seed: { type: 'string', default: '1' },
        language: { type: 'string', default: 'en' },
        out: { type: 'string', default: '.data/replay' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (error) {
    throw new Refused(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}

/** The rules in force with single values changed. */
function withSettings(text: string, settings: readonly string[]): string {
  return settings.reduce((changed, setting) => {
    const [, path, value] = /^([^=]+)=(.+)$/s.exec(setting) ?? [];
    if (!path || value === undefined) throw new Refused(`--set ${setting}: write it as PATH=VALUE`);
    const keys = path.split('.').map((key) => (/^\d+$/.test(key) ? Number(key) : key));
    let read: unknown = value;
    try {
      read = JSON.parse(value);
    } catch {
      // A word needs no quotes.
    }
    return applyEdits(changed, modify(changed, keys, read, { formattingOptions: { insertSpaces: true, tabSize: 2 } }));
  }, text);
}

function changedText(before: string, { rules, set }: { rules?: string | undefined; set: readonly string[] }): string {
  if (rules === undefined) return withSettings(before, set);
  try {
    return withSettings(readFileSync(rules, 'utf8'), set);
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Refused(`${rules} can't be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function print(table: readonly string[][]): void {
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  for (const row of table)
    say(row.map((text, i) => (i < 2 ? text.padEnd(widths[i] ?? 0) : text.padStart(widths[i] ?? 0))).join('  '));
}

async function main(): Promise<void> {
  const wish = options();
  if (wish.help) {
    say(USAGE);
    return;
  }
  const language = wish.language === 'zh-CN' ? 'zh-CN' : 'en';
  const config = readConfig();
  const log = createLog({ level: 'warn', to: process.stderr });
  const services = await createServices({
    own: config.servicesDir ? pathToFileURL(`${config.servicesDir}/`) : null,
    core: config.core !== null || config.demo,
  });
  const postgres = await reachDatabase(config, log).catch((error: unknown) => {
    if (wish.generated && error instanceof Refused) return null;
    throw error;
  });
  const database = postgres
    ? openDatabase({ connection: postgres.connection, log, poolSize: 1, answerWithinMs: 600_000 })
    : null;
  try {
    const replays = openReplays({
      queue: database ? openQueue({ database, clock: Date.now }) : null,
      services,
      clock: Date.now,
    });
    const before = await replays.textInForce();
    const answer = await replays.run({
      text: changedText(before, wish),
      date: wish.generated ? null : (wish.day ?? (await replays.days()).days[0]?.date ?? 'none'),
      seed: Number(wish.seed),
    });
    if (answer.is === 'flawed')
      throw new Refused(
        [
          'The changed rules are wrong:',
          ...answer.flaws.map(({ line, field, words }) => `  line ${line} ${field}: ${words}`),
        ].join('\n'),
      );
    const { report } = answer;
    say(
      `${report.generated ? 'A GENERATED day' : 'Replay'} of ${report.date}: ${report.before.all.came} customers, ${report.agents} agents`,
    );
    if (wish.rules === undefined && wish.set.length === 0)
      say('No change was given (--rules or --set): both sides are the rules in force.');
    print(comparison(report, language));
    const folder = resolve(wish.out);
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `replay-${report.date}${report.generated ? '-generated' : ''}.html`);
    writeFileSync(file, replayPage(report, language));
    say(`drawn: ${pathToFileURL(file).href}`);
    if (wish.json) say(JSON.stringify(report));
  } finally {
    await database?.close();
    await postgres?.close();
  }
}

try {
  await main();
} catch (error) {
  const plain = [ConfigError, DataFolderInUse, DataFolderUnusable, Refused].some((kind) => error instanceof kind);
  const reason = error instanceof Error ? (plain ? error.message : (error.stack ?? error.message)) : String(error);
  process.stderr.write(`\nNothing could be replayed: ${reason}\n\n`);
  process.exitCode = 1;
}
