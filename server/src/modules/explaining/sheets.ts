import { readdir, readFile } from 'node:fs/promises';
import type { Sheet } from '@openvtm/protocol';
import { readSheetFile, SheetFileError } from './sheet-file.ts';

const SHIPPED = new URL('./sheets/', import.meta.url);

/**
 * Every shipped sheet, and those of `own`, a bank's own folder, where a file replaces the shipped one of its name; in
 * their order. Any broken file stops the start with all that is wrong.
 */
export async function readSheets(own: URL | null): Promise<Map<string, Sheet>> {
  const files = new Map([...(await filesIn(SHIPPED)), ...(own ? await filesIn(own) : [])]);
  const sheets: Sheet[] = [];
  const broken: string[] = [];
  for (const [name, text] of files) {
    try {
      sheets.push(readSheetFile(name, text));
    } catch (error) {
      if (!(error instanceof SheetFileError)) throw error;
      broken.push(error.message);
    }
  }
  if (broken.length > 0) throw new SheetFileError(broken.join('\n'));
  return new Map(sheets.toSorted((a, b) => a.order - b.order).map((sheet) => [sheet.id, sheet]));
}

async function filesIn(folder: URL): Promise<[name: string, text: string][]> {
  const names = (await readdir(folder)).filter((file) => file.endsWith('.json')).sort();
  return Promise.all(
    names.map(async (name): Promise<[string, string]> => [name, await readFile(new URL(name, folder), 'utf8')]),
  );
}
