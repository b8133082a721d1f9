/**
 * Renders what the kiosk says: every text of its app and of the offered services, a sentence a file, by Debian's
 * espeak-ng and opusenc, from texts to files and nothing over the network. A sentence rendered once is kept in a cache
 * that checkouts share, so that only new words take time.
 *
 * Run: node scripts/render-voice.ts FOLDER CACHE. Prints how far it is.
 */
import { execFile } from 'node:child_process';
import { copyFile, link, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Language, QuickPhrases } from '@openvtm/protocol';
import { sentencesOf, soundName } from '../client-kiosk/src/features/voice/sound.ts';
import { readConfig } from '../server/src/config/index.ts';
import { readPhrases } from '../server/src/modules/chat/phrases.ts';
import { createServices, type Services } from '../server/src/modules/services/index.ts';
import { textsOfApp, textsOfPhrases, textsOfService, type Spoken } from './voice/texts.ts';

const run = promisify(execFile);
const VOICES: Record<Language, string> = { 'zh-CN': 'cmn', en: 'en-gb' };
/** Words a minute: calm. The elder mode plays the same file slower. */
const PACE = '145';
/** Parts of the cache's name: other settings are other sounds. */
const SETTINGS = `espeak-${PACE}-opus-16`;

async function offered(): Promise<Services> {
  try {
    const { servicesDir } = readConfig(process.env);
    const own = servicesDir ? pathToFileURL(`${servicesDir}/`) : null;
    return await createServices({ own, core: true, tellsOfSupervision: true });
  } catch (error) {
    // The server's own start says what is wrong with it; until then the shipped services are said.
    console.log(`the bank's own services are left out: ${error instanceof Error ? error.message : error}`);
    return createServices({ own: null, core: true, tellsOfSupervision: true });
  }
}

async function phrases(): Promise<QuickPhrases> {
  try {
    const { phrasesFile } = readConfig(process.env);
    return await readPhrases(phrasesFile ? pathToFileURL(phrasesFile) : null);
  } catch {
    // As with the services: the start says what is wrong.
    return readPhrases(null);
  }
}

async function wanted(): Promise<Map<string, Spoken>> {
  const services = await offered();
  const all = [
    ...textsOfApp(),
    ...textsOfPhrases(await phrases()),
    ...services.cards().flatMap(({ id }) => textsOfService(services.get(id))),
  ];
  const sounds = new Map<string, Spoken>();
  for (const { text, language } of all)
    for (const sentence of sentencesOf(text))
      sounds.set(await soundName(sentence, language), { text: sentence, language });
  return sounds;
}

async function render({ text, language }: Spoken, file: string): Promise<void> {
  // Of this process alone: two that render at once, as of two checkouts, share the cache.
  const [wave, part] = [`${file}.${process.pid}.wav`, `${file}.${process.pid}.part`];
  // After `--` nothing is read as an option, whatever a bank's file says.
  await run('espeak-ng', ['-v', VOICES[language], '-s', PACE, '-g', '3', '-w', wave, '--', text]);
  await run('opusenc', ['--quiet', '--padding', '0', '--comp', '5', '--bitrate', '16', wave, part]);
  await rm(wave);
  await rename(part, file);
}

const [folder, cacheFolder] = process.argv.slice(2);
if (!folder || !cacheFolder) throw new Error('Which folder, and which cache?');
const cache = join(cacheFolder, SETTINGS);
await mkdir(folder, { recursive: true });
await mkdir(cache, { recursive: true });

const sounds = await wanted();
const kept = new Set(await readdir(cache));
const there = new Set(await readdir(folder));
const fileOf = (name: string) => `${name}.opus`;

const missing = [...sounds].filter(([name]) => !kept.has(fileOf(name)));
let done = 0;
const queue = missing.values();
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    for (const [name, spoken] of queue) {
      await render(spoken, join(cache, fileOf(name)));
      done += 1;
      if (done % 25 === 0) console.log(`${done}/${missing.length}`);
    }
  }),
);
for (const name of sounds.keys()) {
  if (there.has(fileOf(name))) continue;
  const [from, to] = [join(cache, fileOf(name)), join(folder, fileOf(name))];
  await link(from, to).catch(() => copyFile(from, to));
}
const stale = [...there].filter((file) => file.endsWith('.opus') && !sounds.has(file.slice(0, -'.opus'.length)));
for (const file of stale) await rm(join(folder, file));
// Written last: what it lists is there.
await writeFile(join(folder, 'sounds.json'), JSON.stringify([...sounds.keys()].sort()));
console.log(`${sounds.size} sentences, ${missing.length} new`);
