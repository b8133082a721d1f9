import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect } from 'vitest';
import { accept, readyAgent } from './lab/agent.ts';
import { mustBeAccessible } from './lab/accessible.ts';
import { by } from './lab/browser.ts';
import { test } from './lab/index.ts';
import { joinQueue, openKiosk } from './lab/kiosk.ts';
import { ASKEW } from '../document-scene.ts';
import { idFront, pictureOf } from '../sample-documents.ts';
import { PEOPLE } from '../sample-people.ts';

/** Pixels of a document camera; Chromium plays films of even sizes only. */
const CAMERA = { width: 1600, height: 1200 };
const CARD = idFront(PEOPLE[0]!);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openvtm-reading-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('an ID card under the camera is read, compared, accepted by the agent and agreed to by the customer', async ({
  lab: { server, browser, filmed, faultless },
}) => {
  const seen = await pictureOf(CARD, { corners: ASKEW, noise: 5, quality: 92, scale: 1.1 });
  const picture = await sharp(seen)
    .resize({ ...CAMERA, fit: 'contain', background: '#4a4038' })
    .jpeg({ quality: 92 })
    .toBuffer();
  const film = join(folder, 'card.mjpeg');
  await writeFile(film, Buffer.concat(Array.from({ length: 10 }, () => picture)));
  const camera = await filmed(film);
  const kiosk = await openKiosk(camera, server.url);
  const agent = await readyAgent(browser, server.url);
  await joinQueue(kiosk, 'update-phone-number');
  await by(agent.page, 'offer-card').waitFor();
  await accept(agent);
  await by(agent.page, 'ask-document').click();
  await by(kiosk.page, 'capture-photo').waitFor();
  await by(kiosk.page, 'capture-send').click();

  const { page } = agent;
  await page.locator('[data-testid="reading"][data-at="read"]').waitFor({ timeout: 60_000 });
  const number = by(page, 'suggestion-idNumber');
  expect(await number.getAttribute('data-check')).toBe('holds');
  expect(await number.getAttribute('data-compared')).toBe('differs');
  expect(await by(page, 'verdict-idNumber').textContent()).toContain('Differs from the form');
  // Masked until it is asked for with a reason.
  expect(await by(page, 'read-idNumber').textContent()).toMatch(/^•+\d{3}[\dX]$/);
  await by(page, 'read-reveal-idNumber').click();
  await by(page, 'read-reveal-idNumber-verify-identity').click();
  await expect.poll(() => by(page, 'read-idNumber').textContent()).toBe(CARD.fields['idNumber']);
  // Its place on the page stands out while the line is looked at.
  await number.hover();
  expect(await by(page, 'place-idNumber').getAttribute('data-chosen')).toBe('true');
  await mustBeAccessible(agent, 'what was read on a page');

  await by(page, 'reading-accept-idNumber').click();
  const settle = kiosk.page.getByTestId('changed-yes');
  await settle.waitFor();
  expect(await kiosk.page.locator('main').textContent()).toContain((CARD.fields['idNumber'] ?? '').slice(-4));
  await settle.click();
  await page.locator('[data-testid="suggestion-idNumber"][data-compared="matches"][data-accepted="true"]').waitFor();
  await expect.poll(() => by(page, 'origin-idNumber').getAttribute('data-origin')).toBe('ocr');
  await by(page, 'unsettled-idNumber').waitFor({ state: 'detached' });
  faultless(kiosk, agent);
});
