/** The kinds of file that are taken. */
export type FileKind = 'picture' | 'pdf';

/** The fewest bytes that tell a file's kind. */
export const KIND_BYTES = 12;

/** What a file is by its first bytes, never by what it claims to be; null: nothing that is taken. */
export function fileKind(bytes: Uint8Array): FileKind | null {
  const begin = Buffer.from(bytes.subarray(0, KIND_BYTES)).toString('latin1');
  if (begin.startsWith('%PDF-')) return 'pdf';
  const jpeg = begin.startsWith('\xff\xd8\xff');
  const png = begin.startsWith('\x89PNG\r\n\x1a\n');
  const webp = begin.startsWith('RIFF') && begin.slice(8, 12) === 'WEBP';
  return jpeg || png || webp ? 'picture' : null;
}
