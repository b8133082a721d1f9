import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { removeDataFolder } from '../testing.ts';
import { atEnd, newFolder, query, start, write } from './testing.ts';

const isRoot = process.getuid?.() === 0;
const postmasterPid = (cluster: string) => Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0]);
const clusterOf = (dataDir: string) => join(dataDir, 'postgres', 'cluster');

describe('a new data folder', () => {
  it('gets a durable Postgres that only a local socket reaches, under a role that is no superuser', async () => {
    const postgres = await start(newFolder());
    const [settings] = await query(
      postgres,
      `select current_setting('fsync') as fsync, current_setting('listen_addresses') as tcp,
        current_setting('server_encoding') as encoding, current_setting('timezone') as zone,
        current_user as role, current_database() as database,
        (select rolsuper from pg_roles where rolname = current_user) as superuser, upper('é') as upper`,
    );
    expect(settings).toEqual({
      fsync: 'on',
      tcp: '',
      encoding: 'UTF8',
      zone: 'UTC',
      role: 'openvtm',
      database: 'openvtm',
      superuser: false,
      upper: 'É',
    });
    await Promise.all([postgres.close(), postgres.close()]);
    await expect(query(postgres, 'select 1')).rejects.toThrow('ENOENT');
  });

  it('keeps what was written over a restart, and no values in its own log', async () => {
    const dataDir = newFolder();
    const first = await start(dataDir);
    await query(first, `create table phones (phone text unique); insert into phones values ('13800001111')`);
    await expect(query(first, `insert into phones values ('13800001111')`)).rejects.toThrow('duplicate key');
    await expect(query(first, `select '13800001111x'::int`)).rejects.toThrow('13800001111x');
    await first.close();

    const second = await start(dataDir);
    expect(await query(second, 'select phone from phones')).toEqual([{ phone: '13800001111' }]);
    const logs = join(dataDir, 'postgres', 'log');
    const logged = readdirSync(logs).map((name) => readFileSync(join(logs, name), 'utf8'));
    expect(logged.join()).toContain('ready to accept connections');
    expect(logged.join()).not.toContain('13800001111');
  });

  it('keeps only the newest logs of Postgres', async () => {
    const dataDir = newFolder();
    await (await start(dataDir)).close();
    const logs = join(dataDir, 'postgres', 'log');
    for (let day = 10; day < 20; day += 1) writeFileSync(join(logs, `postgres-2001-01-${day}_000000.log`), 'old');
    await start(dataDir);
    await expect.poll(() => readdirSync(logs)).toHaveLength(6);
    expect(readdirSync(logs)).not.toContain('postgres-2001-01-10_000000.log');
  });

  it('may lie deeper than a socket address is long', async () => {
    const postgres = await start(join(newFolder(), 'deep'.repeat(20)));
    expect(postgres.connection.host).toMatch(/openvtm-[0-9a-f]{12}$/);
    atEnd(() => removeDataFolder(postgres.connection.host));
    expect(await query(postgres, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('is made anew where the first start was cut short', async () => {
    const dataDir = newFolder();
    const half = join(dataDir, 'postgres', 'cluster.unfinished-1-1');
    mkdirSync(half, { recursive: true });
    chmodSync(dataDir, 0o711);
    writeFileSync(join(half, 'PG_VERSION'), '18\n');
    const postgres = await start(dataDir);
    expect(await query(postgres, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(existsSync(half)).toBe(false);
  });
});

describe('kill -9', () => {
  it('of OpenVTM leaves Postgres running, and the next start joins it', async () => {
    const dataDir = newFolder();
    const writer = write(dataDir);
    await writer.line('wrote 50');
    const pid = postmasterPid(clusterOf(dataDir));
    const acknowledged = await writer.kill();

    const postgres = await start(dataDir);
    expect(postmasterPid(clusterOf(dataDir))).toBe(pid);
    const [written] = await query(postgres, 'select count(*)::int as rows, max(n)::int as last from written');
    expect(written?.['last']).toBeGreaterThanOrEqual(acknowledged);
    expect(written?.['rows']).toBe(written?.['last']);
  });

  it('of Postgres is mended within 5 s, whether it was started or joined', async () => {
    const dataDir = newFolder();
    const writer = write(dataDir);
    await writer.line('wrote 1');
    await writer.kill();
    const joined = await start(dataDir);
    for (let round = 0; round < 2; round += 1) {
      await query(joined, 'insert into written select max(n) + 1 from written');
      const [before] = await query(joined, 'select count(*)::int as rows from written');
      process.kill(postmasterPid(clusterOf(dataDir)), 'SIGKILL');
      await expect
        .poll(() => query(joined, 'select count(*)::int as rows from written').catch(() => 'away'), { timeout: 5_000 })
        .toEqual([before]);
      await expect
        .poll(() => joined.said.filter((line) => line.startsWith('Postgres is running')).length)
        .toBe(round + 1);
    }
  });

  it('of both, five times under load, loses nothing that was acknowledged', async () => {
    const dataDir = newFolder();
    let acknowledged = 0;
    for (let round = 0; round < 5; round += 1) {
      const writer = write(dataDir);
      await writer.line('started');
      await writer.line(`wrote ${acknowledged + 20}`);
      process.kill(postmasterPid(clusterOf(dataDir)), 'SIGKILL');
      acknowledged = await writer.kill();
    }
    const postgres = await start(dataDir);
    const [written] = await query(postgres, 'select count(*)::int as rows, max(n)::int as last from written');
    expect(written?.['last']).toBeGreaterThanOrEqual(acknowledged);
    expect(written?.['rows']).toBe(written?.['last']);
  }, 60_000);

  it('leaves lock files that are seen through when their id now belongs to another process', async () => {
    const dataDir = newFolder();
    const first = await start(dataDir);
    const cluster = clusterOf(dataDir);
    const noted = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
    await first.close();
    // A stranger of the same system user: Postgres itself would take it for a running server and refuse for ever.
    const stranger = spawn('sleep', ['600'], isRoot ? { uid: statSync(cluster).uid, gid: statSync(cluster).gid } : {});
    atEnd(() => stranger.kill());
    writeFileSync(join(cluster, 'postmaster.pid'), [stranger.pid, ...noted.slice(1)].join('\n'));

    const second = await start(dataDir);
    expect(await query(second, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(stranger.exitCode).toBe(null);
  });
});

describe('a data folder that cannot be had', () => {
  it('is refused within 2 s while another OpenVTM runs on it, with its process and what to do', async () => {
    const dataDir = newFolder();
    const writer = write(dataDir);
    await writer.line('wrote 1');
    const begin = performance.now();
    await expect(start(dataDir)).rejects.toMatchObject({
      name: 'DataFolderInUse',
      folder: dataDir,
      pid: writer.child.pid,
      message: expect.stringMatching(new RegExp(`${dataDir} is in use .*kill ${writer.child.pid}.* folder of its own`)),
    });
    expect(performance.now() - begin).toBeLessThan(2_000);

    const wrote = writer.lines.length;
    await expect.poll(() => writer.lines.length).toBeGreaterThan(wrote);
    const second = write(dataDir);
    await expect(second.line('failed')).resolves.toContain('DataFolderInUse');
  });

  it('is refused where another major version of Postgres made it', async () => {
    const dataDir = newFolder();
    await (await start(dataDir)).close();
    writeFileSync(join(clusterOf(dataDir), 'PG_VERSION'), '17\n');
    await expect(start(dataDir)).rejects.toThrow(
      /made by PostgreSQL 17, and this OpenVTM brings PostgreSQL 18.*pg_dump/,
    );
  });

  it('tells why Postgres did not start, and can be started once that is mended', async () => {
    const dataDir = newFolder();
    await (await start(dataDir)).close();
    const settings = join(clusterOf(dataDir), 'postgresql.auto.conf');
    const sound = readFileSync(settings, 'utf8');
    writeFileSync(settings, `${sound}\nshared_buffers = 'plenty'\n`);
    await expect(start(dataDir)).rejects.toThrow(/did not start .*shared_buffers.*plenty/s);
    writeFileSync(settings, sound);
    expect(await query(await start(dataDir), 'select 1 as one')).toEqual([{ one: 1 }]);
  });
});
