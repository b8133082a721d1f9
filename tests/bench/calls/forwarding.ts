import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { openBrowser, openPage } from '../../media/lab/browser.ts';
import { startLab } from '../../media/lab/lab.ts';
import { median, type Figure } from '../first-frame/figures.ts';
import { startBareServer } from './bare-server.ts';
import { startJanus, type Janus } from './janus.ts';
import { say } from './stage.ts';

/** Of /proc/PID/stat; the same on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
const SETTLE_MS = 6_000;
const GOAL = 1.05;
/** Camera and microphone, both ways. */
const STREAMS = 2;
const LINES = 720;

/** Processor time of a process so far, in ms. */
function processorMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
}

/** Lines and rate of what a page receives, over `ms`. */
const receivedBy = (page: Page, ms: number) =>
  page.evaluate(async (ms) => {
    const video = [...document.querySelectorAll('video')].find((one) => one.videoWidth > 0);
    const before = video?.getVideoPlaybackQuality().totalVideoFrames ?? 0;
    await new Promise((resolve) => setTimeout(resolve, ms));
    const frames = (video?.getVideoPlaybackQuality().totalVideoFrames ?? 0) - before;
    return { lines: video?.videoHeight ?? 0, framesPerSecond: (1000 * frames) / ms };
  }, ms);

type Round = { pages: Page[]; pid: number; end(): Promise<void> };
type Measured = { perStreamMs: number; lines: number; framesPerSecond: number };

async function measure({ pages, pid, end }: Round, seconds: number): Promise<Measured> {
  await pause(SETTLE_MS);
  const before = processorMs(pid);
  const received = await Promise.all(pages.map((page) => receivedBy(page, seconds * 1000)));
  const spent = processorMs(pid) - before;
  await end();
  return {
    perStreamMs: spent / seconds / STREAMS,
    lines: Math.min(...received.map(({ lines }) => lines)),
    framesPerSecond: Math.min(...received.map((one) => one.framesPerSecond)),
  };
}

type Length = { rounds: number; seconds: number };

/**
 * What the media worker costs for each 720p stream it forwards, in ms of processor a second, beside mediasoup alone and,
 * where it can be started, Janus with the same two browsers, turn by turn.
 */
export async function forwarding(length: Length): Promise<Figure[]> {
  // Before the browser, which would see its network change.
  const janusServer = await startJanus();
  if ('missing' in janusServer) {
    say(`Janus is not compared: ${janusServer.missing}`);
    return besideOthers(length, null);
  }
  try {
    return await besideOthers(length, janusServer);
  } finally {
    await janusServer.close();
  }
}

async function besideOthers({ rounds, seconds }: Length, janusServer: Janus | null): Promise<Figure[]> {
  const browser = await openBrowser();
  const bareServer = await startBareServer();
  const lab = await startLab();
  const pages = async (url: string) =>
    (await Promise.all([openPage(browser, url), openPage(browser, url)])).map(({ page }) => page) as [Page, Page];
  const leave = async (opened: Page[]) => {
    for (const page of opened) await page.context().close();
  };

  async function ours(): Promise<Round> {
    const opened = await pages(lab.url);
    const peers = { customer: `kiosk:${randomUUID()}`, agent: `staff:${randomUUID()}` };
    await opened[0].evaluate((peerId) => globalThis.lab.join({ peerId }), peers.customer);
    await opened[1].evaluate((peerId) => globalThis.lab.join({ peerId }), peers.agent);
    const { offerId, callId } = lab.ring(peers);
    await opened[1].evaluate((id) => globalThis.lab.accept(id), offerId);
    const [pid] = lab.media.workerPids();
    if (pid === undefined) throw new Error('no media worker');
    const end = async () => {
      lab.end(callId);
      await leave(opened);
    };
    return { pages: opened, pid, end };
  }

  async function bare(): Promise<Round> {
    const opened = await pages(bareServer.url);
    await opened[0].evaluate(() => globalThis.bare.join('one'));
    await opened[1].evaluate(() => globalThis.bare.join('two'));
    await opened[0].evaluate(() => globalThis.bare.watch('two'));
    await opened[1].evaluate(() => globalThis.bare.watch('one'));
    return { pages: opened, pid: bareServer.workerPid, end: () => leave(opened) };
  }

  async function janus({ url, api, pid }: Janus): Promise<Round> {
    const opened = await pages(url);
    await opened[0].evaluate((api) => globalThis.janus.join(api, 1), api);
    await opened[1].evaluate((api) => globalThis.janus.join(api, 2), api);
    await opened[0].evaluate(() => globalThis.janus.watch(2));
    await opened[1].evaluate(() => globalThis.janus.watch(1));
    return { pages: opened, pid, end: () => leave(opened) };
  }

  try {
    const results: Record<'bare' | 'ours' | 'janus', Measured[]> = { bare: [], ours: [], janus: [] };
    for (let round = 0; round < rounds; round += 1) {
      results.bare.push(await measure(await bare(), seconds));
      results.ours.push(await measure(await ours(), seconds));
      if (janusServer) results.janus.push(await measure(await janus(janusServer), seconds));
      const { bare: alone, ours: own, janus: other } = results;
      say(`round ${round + 1}: ${JSON.stringify({ ours: own.at(-1), bare: alone.at(-1), janus: other.at(-1) })}`);
    }
    const costOf = (all: Measured[]) => median(all.map(({ perStreamMs }) => perStreamMs));
    const linesOf = (all: Measured[]) => Math.min(...all.map((one) => one.lines));
    const [value, beside] = [costOf(results.ours), costOf(results.bare)];
    const lines = linesOf([...results.ours, ...results.bare]);
    const figures: Figure[] = [
      {
        name: `processor per forwarded ${lines}p stream and second, median of ${rounds} (beside: mediasoup alone)`,
        value,
        unit: 'ms',
        beside,
        ratio: value / beside,
        goal: `≤ ${GOAL} times, both of ${LINES} lines`,
        holds: value <= GOAL * beside && lines >= LINES,
      },
    ];
    if (!janusServer) return figures;
    const [cost, janusLines] = [costOf(results.janus), linesOf([...results.janus, ...results.ours])];
    figures.push({
      name: `processor per forwarded ${janusLines}p stream and second, Janus ${janusServer.version} (beside: ours)`,
      value: cost,
      unit: 'ms',
      beside: value,
      ratio: cost / value,
      goal: `both of ${LINES} lines`,
      holds: janusLines >= LINES,
    });
    return figures;
  } finally {
    await browser.close();
    await lab.close();
    bareServer.close();
  }
}
