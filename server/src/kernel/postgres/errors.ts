/** Another OpenVTM holds the data folder; `pid` is absent if the other one had not yet written it. */
export class DataFolderInUse extends Error {
  override readonly name = 'DataFolderInUse';
  readonly folder: string;
  readonly pid: number | undefined;

  constructor(folder: string, pid: number | undefined) {
    const who = pid === undefined ? 'another OpenVTM' : `another OpenVTM (process ${pid})`;
    const stop = pid === undefined ? 'Stop that one first' : `Stop that one first (kill ${pid})`;
    super(`The data folder ${folder} is in use by ${who}. ${stop}, or give this one a data folder of its own.`);
    this.folder = folder;
    this.pid = pid;
  }
}

/** The data folder cannot serve as it is: wrong owner, wrong version, out of reach. The message says what to do. */
export class DataFolderUnusable extends Error {
  override readonly name = 'DataFolderUnusable';
}

/** Postgres itself could not be started or reached. The message holds the last lines it said. */
export class PostgresFailed extends Error {
  override readonly name = 'PostgresFailed';
}
