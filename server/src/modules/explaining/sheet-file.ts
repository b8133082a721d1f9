import { Sheet } from '@openvtm/protocol';
import { readDataFile } from '../../kernel/data-file.ts';

/** A sheet's file that can't be used: names the file, the line, the field, and what is wrong with it. */
export class SheetFileError extends Error {
  override readonly name = 'SheetFileError';
}

/** Reads one sheet; throws `SheetFileError` with every mistake in it, one a line. */
export function readSheetFile(file: string, text: string): Sheet {
  const read = readDataFile(text, Sheet, ({ id }) => {
    if (id.startsWith('paper:')) return [{ path: ['id'], words: 'paper: is kept for the papers of services' }];
    return `${id}.json` === file ? [] : [{ path: ['id'], words: `it is ${id}; the file must be named ${id}.json` }];
  });
  if ('data' in read) return read.data;
  const said = read.mistakes.map(
    ({ line, field, words }) => `sheet file ${file}, line ${line}${field ? `, ${field}` : ''}: ${words}`,
  );
  throw new SheetFileError(said.join('\n'));
}
