import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { QuickPhrases } from '@openvtm/protocol';
import { readDataFile, type Flaw } from '../../kernel/data-file.ts';

const SHIPPED = new URL('./phrases.json', import.meta.url);

/** A file of quick phrases that can't be used: names the file, the line, the field, and what is wrong with it. */
export class PhraseFileError extends Error {
  override readonly name = 'PhraseFileError';
}

/** A message says which phrase it was, so that no two have one name. */
const twice = (phrases: QuickPhrases): Flaw[] =>
  (['agent', 'customer'] as const).flatMap((side) =>
    phrases[side].flatMap(({ id }, i) =>
      phrases[side].findIndex((one) => one.id === id) === i
        ? []
        : [{ path: [side, i, 'id'], words: `${id} is there already` }],
    ),
  );

/** The bank's own phrases, or the shipped ones. A broken file stops the start with all that is wrong. */
export async function readPhrases(own: URL | null): Promise<QuickPhrases> {
  const from = own ?? SHIPPED;
  const file = basename(fileURLToPath(from));
  const text = await readFile(from, 'utf8').catch((error: Error) => {
    throw new PhraseFileError(`phrase file ${file} can't be read: ${error.message}`);
  });
  const read = readDataFile(text, QuickPhrases, twice);
  if ('data' in read) return read.data;
  throw new PhraseFileError(
    read.mistakes
      .map(({ line, field, words }) => `phrase file ${file}, line ${line}${field ? `, ${field}` : ''}: ${words}`)
      .join('\n'),
  );
}
