import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  linkSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { canEnter, chooseAccount } from './account.ts';
import { atEnd, newFolder, query, start, write } from './testing.ts';

const isRoot = process.getuid?.() === 0;
const here = fileURLToPath(new URL('.', import.meta.url));
const NOBODY = { name: 'nobody', uid: 65534, gid: 65534 };
/** A checkout below /root cannot be run by another user at all. */
const othersCanRead = isRoot && canEnter(NOBODY, here);

describe.runIf(isRoot)('as root', () => {
  it('runs Postgres as an unprivileged user, who owns its data and nothing else of the folder', async () => {
    const dataDir = newFolder();
    await start(dataDir);
    const { uid } = chooseAccount(undefined);
    expect(uid).not.toBe(0);
    const root = join(dataDir, 'postgres');
    const owners = ['', 'cluster', 'log', 'sockets', 'pg_hba.conf'].map((name) => statSync(join(root, name)).uid);
    expect(owners).toEqual([0, uid, uid, uid, 0]);
    const modes = ['cluster', 'log', 'sockets'].map((name) => statSync(join(root, name)).mode & 0o777);
    expect(modes).toEqual([0o700, 0o700, 0o700]);
  });

  it('does so whatever the umask', async () => {
    const strict = write(newFolder(), ['sh', '-c', 'umask 077; exec "$@"', 'sh', process.execPath]);
    await expect(strict.line('wrote')).resolves.toBe('wrote 1');
  });

  it('keeps the database below /var/lib/openvtm where that user cannot reach the data folder, and says so', async () => {
    const dataDir = newFolder();
    chmodSync(dirname(dataDir), 0o700);
    const first = await start(dataDir);
    const note = readFileSync(join(dataDir, 'postgres-folder.txt'), 'utf8');
    const folder = note.split('\n')[0] ?? '';
    expect(folder).toMatch(/^\/var\/lib\/openvtm\/data-\w{6}$/);
    expect(first.said.join('\n')).toContain(`The database is kept in ${folder}, because`);
    await query(first, 'create table kept as select 7 as n');
    await first.close();

    // The folder stays where it is, even if the data folder is moved to where Postgres could reach it.
    const moved = `${newFolder()}-moved`;
    atEnd(() => rmSync(moved, { recursive: true, force: true }));
    renameSync(dataDir, moved);
    const second = await start(moved);
    expect(await query(second, 'select n from kept')).toEqual([{ n: 7 }]);

    const copied = `${moved}-copied`;
    atEnd(() => rmSync(copied, { recursive: true, force: true }));
    cpSync(moved, copied, { recursive: true });
    await expect(start(copied)).rejects.toMatchObject({ name: 'DataFolderInUse', folder });

    await second.close();
    rmSync(folder, { recursive: true });
    await expect(start(moved)).rejects.toThrow(`says that the database is in ${folder}, but it is not there`);
  });

  it('refuses, rather than begin an empty database, where the way to an existing one was closed', async () => {
    const dataDir = newFolder();
    await (await start(dataDir)).close();
    chmodSync(dataDir, 0o700);
    await expect(start(dataDir)).rejects.toThrow(/cannot get there any more.*chmod o\+x/);
    chmodSync(dataDir, 0o711);
    await start(dataDir);
  });
});

describe.runIf(othersCanRead)('as a plain user', () => {
  /** The command line that runs Node as nobody; Node itself may lie below /root. */
  function asNobody(): string[] {
    const folder = dirname(newFolder());
    const node = join(folder, 'node');
    try {
      linkSync(process.execPath, node);
    } catch {
      copyFileSync(process.execPath, node);
    }
    return ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', node];
  }

  function folderOfNobody(): string {
    const dataDir = newFolder();
    mkdirSync(dataDir, { mode: 0o700 });
    chownSync(dataDir, NOBODY.uid, NOBODY.gid);
    return dataDir;
  }

  it('runs Postgres as that user, survives kill -9, and root goes on as the same user', async () => {
    const dataDir = folderOfNobody();
    const nobody = asNobody();
    const first = write(dataDir, nobody);
    await first.line('wrote 20');
    await first.kill();
    const second = write(dataDir, nobody);
    await second.line('started');
    await second.line('wrote 40');
    process.kill(
      Number(readFileSync(join(dataDir, 'postgres/cluster/postmaster.pid'), 'utf8').split('\n')[0]),
      'SIGKILL',
    );
    const acknowledged = await second.kill();

    const asRoot = await start(dataDir);
    const [written] = await query(asRoot, 'select count(*)::int as rows, max(n)::int as last from written');
    expect(written?.['last']).toBeGreaterThanOrEqual(acknowledged);
    expect(written?.['rows']).toBe(written?.['last']);
    expect(statSync(join(dataDir, 'postgres', 'cluster')).uid).toBe(NOBODY.uid);
    await asRoot.close();

    const third = write(dataDir, nobody);
    await third.line('started');
  });

  it('is told in words that the database is of another user', async () => {
    const dataDir = newFolder();
    await (await start(dataDir)).close();
    await expect(write(dataDir, asNobody()).line('failed')).resolves.toMatch(
      /DataFolderUnusable .* as the user who owns it, or as root/,
    );
    for (const name of ['', 'openvtm.lock', 'openvtm.pid']) chownSync(join(dataDir, name), NOBODY.uid, NOBODY.gid);
    const { name } = chooseAccount(undefined);
    if (name === NOBODY.name) return;
    await expect(write(dataDir, asNobody()).line('failed')).resolves.toContain(
      `belongs to ${name}. Start OpenVTM as root or as ${name}`,
    );
    expect(existsSync(join(dataDir, 'postgres', 'cluster', 'PG_VERSION'))).toBe(true);
  });

  it('is kept out of the socket of another', async () => {
    const dataDir = newFolder();
    const postgres = await start(dataDir);
    chmodSync(postgres.connection.host, 0o777);
    chmodSync(join(postgres.connection.host, '.s.PGSQL.5432'), 0o777);
    const intruder = write(dataDir, [
      ...asNobody(),
      '--input-type=module',
      '-e',
      connecting(postgres.connection.host),
      '--',
    ]);
    await expect(intruder.line('answer')).resolves.toContain('Peer authentication failed for user "openvtm"');
  });

  const connecting = (host: string) => `
    import { createRequire } from 'node:module';
    const { Client } = createRequire('${here}')('pg');
    const client = new Client({ host: '${host}', user: 'openvtm', database: 'openvtm', password: 'x' });
    client.connect().then(() => console.log('answer: connected'), (error) => console.log('answer: ' + error.message));`;
});
