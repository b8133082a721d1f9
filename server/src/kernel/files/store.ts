/** Where files are kept under their names, each whole and never changed. What is given to it is encrypted already. */
export type FileStore = {
  /** Kept for good when it resolves: all of it, or nothing. `storage-full`; FilesAway. */
  put(name: string, sealed: Uint8Array): Promise<void>;
  /** FileMissing; FilesAway. */
  get(name: string): Promise<Uint8Array>;
  /** Names of files kept for longer than this (ms), by the store's own clock; where there are many, some at each call, and all in turn. */
  older(ageMs: number): Promise<string[]>;
  /** One that is not there is removed, too. */
  remove(name: string): Promise<void>;
};

export const FILE_KINDS = ['documents', 'papers'] as const;
export type FileKind = (typeof FILE_KINDS)[number];

/** `full`: what is there can be read. */
export type StoreState = 'well' | 'full' | 'away';

export type FileStores = {
  of(kind: FileKind): FileStore;
  /** How it does; asked anew every few seconds at most. Never rejects. */
  state(): Promise<StoreState>;
  close(): void;
};

/** How long each use of the store took, and what came of it. */
export type MeasureFiles = (what: 'put' | 'get' | 'list' | 'remove', result: 'ok' | 'full' | 'away', s: number) => void;

/** The store does not answer, or not as it should; nothing is said of whether it did what it was asked. It passes. */
export class FilesAway extends Error {
  override readonly name = 'FilesAway';
  readonly code = 'ECONNABORTED';
}

/** A file that the database names is not in the store. */
export class FileMissing extends Error {
  override readonly name = 'FileMissing';
}

/** The store can't be used as it is configured; the message says what to do. */
export class FileStoreUnusable extends Error {
  override readonly name = 'FileStoreUnusable';
}
