import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const BEAT_MS = 2_000;
const STALE_MS = 15_000;

/**
 * Runs `task` while no other process does the same under `path` (a folder made for the purpose).
 * The holder touches the folder; one that has been silent for 15 s is taken for dead, whatever machine or container it
 * ran in. Two that judge so in the same instant could both go on: tasks put their result in place by a rename.
 */
export async function withLock(path, { onWait }, task) {
  await mkdir(dirname(path), { recursive: true });
  for (let told = false; !(await taken(path)); await sleep(500)) {
    if (await isStale(path)) await discard(path);
    else if (!told) {
      told = true;
      onWait();
    }
  }
  const beat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, BEAT_MS);
  try {
    return await task();
  } finally {
    clearInterval(beat);
    await rm(path, { recursive: true, force: true });
  }
}

const taken = (path) =>
  mkdir(path).then(
    () => true,
    (error) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );

async function isStale(path) {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > STALE_MS;
}

/** A rename succeeds for one process only, so a lock just taken anew is not removed by a second one that saw the old. */
async function discard(path) {
  const aside = `${path}.${randomUUID()}`;
  await rename(path, aside).catch(() => undefined);
  await rm(aside, { recursive: true, force: true });
}
