import type { Line } from './lines.ts';
import { openReader } from './reader.ts';

export type ReadAsk = { jpeg: Uint8Array; turn: number };
export type ReadAnswer = { at: 'read'; lines: Line[]; width: number; height: number } | { at: 'failed'; why: string };

const reader = openReader();
const tell = (answer: ReadAnswer) => void process.send?.(answer);

process.on('message', ({ jpeg, turn }: ReadAsk) => {
  reader
    .then(({ read }) => read(jpeg, turn))
    .then((page) => tell({ at: 'read', ...page }))
    .catch((error: unknown) => tell({ at: 'failed', why: error instanceof Error ? error.message : 'unknown' }));
});
process.on('disconnect', () => process.exit(0));
