import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { tcpRelay, udpRelay } from '../faults/relay/index.ts';
import { startTurnServer, TURN_RELAY_HOST } from '../turn-server.ts';
import { openBrowser } from './lab/browser.ts';
import { startLab } from './lab/lab.ts';
import { eventually, joinBoth, pictureBack, startCall, talk } from './lab/stage.ts';

/** How long the short passwords hold. */
const HOLD_SECONDS = 8;
const ALL_ENDED_MS = (HOLD_SECONDS + 2) * 1_000;

test('where nothing else gets out, a call goes by TCP through a TURN server, and comes back after it was cut', async () => {
  const turn = await startTurnServer('tcp');
  const browser = await openBrowser();
  const lab = await startLab({ announcedAddress: '127.0.0.2', turn });
  const port = lab.mediaPort;
  const media = await udpRelay({
    listen: { host: '127.0.0.2', port },
    target: { host: '127.0.0.1', port },
    onlyFrom: TURN_RELAY_HOST,
  });
  try {
    const stage = await startCall(browser, { lab });
    expect(media.counts.forwarded).toBeGreaterThan(100);
    // Long enough for ICE to fail: it is begun anew, with new credentials for the TURN server.
    media.cut();
    await pause(20_000);
    media.restore();
    expect(await pictureBack(stage)).toBeLessThan(8_000);
  } finally {
    await browser.close();
    await media.close();
    await lab.close();
    await turn.close();
  }
});

test('by TLS through a TURN server: pages that outlive its passwords call by it, and come back by it after a cut', async () => {
  const turn = await startTurnServer('tls');
  const browser = await openBrowser(turn.trust);
  const front = await tcpRelay({
    listen: { host: '127.0.0.1', port: 0 },
    target: { host: '127.0.0.1', port: turn.port },
  });
  const lab = await startLab({
    announcedAddress: '127.0.0.2',
    turn: {
      urls: [`turns:127.0.0.1:${front.address.port}?transport=tcp`],
      secret: turn.secret,
      hours: HOLD_SECONDS / 3_600,
    },
  });
  const port = lab.mediaPort;
  const media = await udpRelay({
    listen: { host: '127.0.0.2', port },
    target: { host: '127.0.0.1', port },
    onlyFrom: TURN_RELAY_HOST,
  });
  const heardBy = (page: Page) => page.evaluate(() => globalThis.lab.heard());
  try {
    const pair = await joinBoth(browser, { lab });
    await pause(ALL_ENDED_MS);
    const ringing = performance.now();
    const stage = await talk(pair);
    // A way that was tried with an ended password is given up after 8 s only.
    expect(performance.now() - ringing).toBeLessThan(8_000);
    const before = [await heardBy(stage.kiosk), await heardBy(stage.desk)];
    await eventually(async () => {
      expect(await heardBy(stage.kiosk)).toBeGreaterThan(before[0] ?? 0);
      expect(await heardBy(stage.desk)).toBeGreaterThan(before[1] ?? 0);
    });

    // What goes through the TURN server outlives its password.
    await pause(ALL_ENDED_MS);
    expect(await pictureBack(stage)).toBeLessThan(2_000);

    // Its connections are gone, and with them what was let through: only a new password opens a new way.
    const forwarded = media.counts.forwarded;
    front.reset();
    front.cut();
    await pause(5_000);
    front.restore();
    expect(await pictureBack(stage)).toBeLessThan(8_000);
    expect(media.counts.forwarded).toBeGreaterThan(forwarded);
  } finally {
    await browser.close();
    await front.close();
    await media.close();
    await lab.close();
    await turn.close();
  }
});
