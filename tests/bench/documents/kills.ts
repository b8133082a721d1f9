import { randomBytes, randomUUID } from 'node:crypto';
import { watch } from 'node:fs';
import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { DocumentId, In } from '@openvtm/protocol';
import sharp from 'sharp';
import service from '../../../server/src/modules/services/catalogue/bill-discount-pre-review.json' with { type: 'json' };
import { DEMO_KIOSKS } from '../../../server/src/flows/seed-demo.ts';
import type { ServerProcess } from '../../e2e/lab/server.ts';
import { createHttp } from '../../integration/lab/http.ts';
import { enrolLabKiosk, sha256, type LabKiosk } from '../../integration/lab/kiosk.ts';
import { startCase } from '../../integration/lab/stories.ts';

/** It asks for papers of many pages, and the customer may photograph them alone once the form is filled in. */
const SERVICE = service.id as In<'case:start'>['serviceId'];
const PIECE = 64 * 1024;
/** Where an upload is when the server is killed: this share of it is acknowledged, or its files are on disk and the row is not committed. */
const MOMENTS = [0.1, 0.5, 0.9, 'before the commit'] as const;
/** A document holds a hundred pages at most. */
const ROUNDS_OF_A_DOCUMENT = 20;
const SWEEP_MS = 75_000;

export type Kills = { cut: number; kills: number; lost: number; twice: number; orphans: number };

type Take = { uploadId: string; bytes: Buffer; acknowledged: number };
const more = { query: '?more=1' };

/** A picture that is another one each time, of some hundred kilobytes. */
async function picture(): Promise<Buffer> {
  const data = randomBytes(360 * 270 * 3);
  return sharp(data, { raw: { width: 360, height: 270, channels: 3 } })
    .jpeg({ quality: 95 })
    .toBuffer();
}

/** Sends as much as is wanted, and notes what was acknowledged; `null`: all of it, killed on the way. */
async function sendUntil(kiosk: LabKiosk, documentId: DocumentId, take: Take, share: number): Promise<void> {
  const until = Math.max(PIECE, Math.floor(take.bytes.length * share));
  const answer = await kiosk.uploadInPieces(documentId, take.bytes, {
    uploadId: take.uploadId,
    piece: PIECE,
    until,
    ...more,
  });
  take.acknowledged = ((await answer.json()) as { received: number }).received;
}

/** Sends it all; resolves as soon as the first file of its page is on the disk, which is before its row is there. */
async function untilOnDisk(folder: string, kiosk: LabKiosk, documentId: DocumentId, take: Take): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const watcher = watch(folder, (_event, name) => {
    if (name && !name.startsWith('.')) resolve();
  });
  const all = kiosk
    .upload(documentId, take.bytes, { uploadId: take.uploadId, ...more })
    .then((answer) => (answer.ok ? (take.acknowledged = take.bytes.length) : undefined))
    .catch(() => undefined);
  await Promise.race([promise, all]);
  watcher.close();
}

/** Until a server that was killed answers again. */
async function patiently<T>(job: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await job();
    } catch (error) {
      if (tries === 20) throw error;
      await pause(200);
    }
  }
}

/** Each round four uploads are cut at their moments by one kill, and go on after the start. */
export async function measureKills(
  server: ServerProcess,
  { kills, dataDir }: { kills: number; dataDir: string },
): Promise<Kills> {
  const http = createHttp(server.url);
  const kiosk = await enrolLabKiosk({ url: server.url, http, now: Date.now, code: DEMO_KIOSKS[0]?.code ?? '' });
  await kiosk.open();
  const caseId = await startCase(kiosk, { service: SERVICE });
  const captures = service.steps.filter((step) => step.kind === 'capture');
  const folder = join(dataDir, 'documents');
  const result: Kills = { cut: 0, kills, lost: 0, twice: 0, orphans: 0 };
  let pages = 0;
  let documentId: DocumentId | null = null;
  let sent: Take[] = [];

  const check = async (id: DocumentId) => {
    const view = await kiosk
      .until(({ documents }) => {
        const found = documents.find((one) => one.documentId === id);
        return found && found.pages.length >= sent.length && found;
      })
      .catch(() => kiosk.shown.documents.find((one) => one.documentId === id));
    const had = view?.pages.length ?? 0;
    result.lost += Math.max(0, sent.length - had);
    result.twice += Math.max(0, had - sent.length);
    result.twice += had - new Set(view?.pages.map((page) => page.sha256)).size;
    pages += had;
    sent = [];
  };

  for (let round = 0; round < kills; round += 1) {
    if (round % ROUNDS_OF_A_DOCUMENT === 0) {
      if (documentId) {
        await check(documentId);
        await kiosk.must('document:done', { documentId });
      }
      const step = captures[round / ROUNDS_OF_A_DOCUMENT]?.id;
      if (!step) throw new Error(`no more than ${captures.length * ROUNDS_OF_A_DOCUMENT} kills`);
      ({ documentId } = await kiosk.must('document:begin', { caseId, step }));
    }
    const id = documentId as DocumentId;
    const takes = await Promise.all(
      MOMENTS.map(async () => ({ uploadId: randomUUID(), bytes: await picture(), acknowledged: 0 })),
    );
    await Promise.all(
      MOMENTS.map(async (moment, i) => {
        const take = takes[i];
        if (take && typeof moment === 'number') await sendUntil(kiosk, id, take, moment);
      }),
    );
    const last = takes.at(-1);
    if (last) await untilOnDisk(folder, kiosk, id, last);
    await server.kill('SIGKILL');
    await server.start();
    await patiently(() => kiosk.open());
    for (const take of takes) {
      const standing = await patiently(() => kiosk.uploadState(id, take.uploadId));
      const { received, done } = (await standing.json()) as { received: number; done: boolean };
      if (!done && received < take.acknowledged) result.lost += 1;
      const end = await kiosk.uploadInPieces(id, take.bytes, { uploadId: take.uploadId, piece: PIECE, ...more });
      if (!end.ok) throw new Error(`an upload did not go on: ${end.status} ${await end.text()}`);
      // And once more, as somebody would who has not heard the answer.
      await kiosk.upload(id, take.bytes, { uploadId: take.uploadId, sha256: sha256(take.bytes), ...more });
      sent.push(take);
      result.cut += 1;
    }
  }
  if (documentId) await check(documentId);

  const old = Date.now() / 1000 - 11 * 60;
  for (const name of await readdir(folder)) await utimes(join(folder, name), old, old);
  // A picture and its thumbnail for each page.
  const needed = 2 * pages;
  const until = Date.now() + SWEEP_MS;
  while ((await readdir(folder)).length > needed && Date.now() < until) await pause(500);
  result.orphans = (await readdir(folder)).length - needed;
  kiosk.leave();
  return result;
}
