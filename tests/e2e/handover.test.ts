import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { mustBeAccessible } from './lab/accessible.ts';
import { accept, readyAgent } from './lab/agent.ts';
import { by } from './lab/browser.ts';
import { test } from './lab/index.ts';
import { fillForm, openKiosk, sendPicture, startService } from './lab/kiosk.ts';
import { filmQr, openPhone } from './lab/phone.ts';

/** One that the simulated core knows. */
const ENTRIES = { fullName: '王小明', idNumber: '11010519900307005X', phone: '13900139001', howLost: 'lost' };

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openvtm-qr-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('filled in and photographed on a phone, its code scanned at the kiosk, finished with an agent, receipt on the phone', async ({
  lab: { server, browser, filmed, faultless },
}) => {
  const phone = await openPhone(browser, server.url);
  await startService(phone, 'replace-lost-card');
  await fillForm(phone, ENTRIES);
  await by(phone.page, 'form-join').click();
  await by(phone.page, 'take-id-card-front').click();
  await sendPicture(phone);
  await phone.page.locator('[data-testid="picture-id-card-front"][data-taken="true"]').waitFor();
  await mustBeAccessible(phone, 'hand-over on a phone');

  const camera = await filmQr(phone, join(folder, 'qr.mjpeg'));
  const atKiosk = await filmed(camera);
  const kiosk = await openKiosk(atKiosk, server.url);
  await by(kiosk.page, 'language-en').click();
  await by(kiosk.page, 'have-code').click();
  await by(kiosk.page, 'form-join').waitFor();
  expect(await by(kiosk.page, 'service-title').textContent()).toBe('Replace a lost card');
  await by(phone.page, 'followed').waitFor();

  const agent = await readyAgent(browser, server.url);
  await by(kiosk.page, 'form-join').click();
  await by(agent.page, 'offer-card').waitFor();
  await accept(agent);
  expect(await by(agent.page, 'case-data').textContent()).toContain('王小明');
  // The picture from the phone is there to be reviewed, without anybody asking for it.
  await by(agent.page, 'page-image').waitFor();
  await by(agent.page, 'document-accept').click();
  await by(agent.page, 'summary-send').click();
  await by(kiosk.page, 'confirm-yes').click();
  await by(agent.page, 'carry-out').click();
  await by(agent.page, 'order-done').waitFor();
  await mustBeAccessible(agent, 'desk, carried out');
  await by(kiosk.page, 'receipt').waitFor();
  const reference = await by(kiosk.page, 'receipt-reference').textContent();
  expect(await by(phone.page, 'receipt-reference').textContent()).toBe(reference);
  await mustBeAccessible(phone, 'receipt on a phone');
  await by(agent.page, 'end-call').click();
  await by(kiosk.page, 'rate-5').click();
  await by(kiosk.page, 'finish').click();
  await by(phone.page, 'followed-done').click();
  await by(phone.page, 'start').waitFor();
  faultless(phone, kiosk, agent);
});

test('wrong codes are told and end, a right one is typed; a case goes from the kiosk to the phone and the kiosk is free', async ({
  lab: { server, browser, faultless },
}) => {
  const kiosk = await openKiosk(browser, server.url, { touch: true });
  await startService(kiosk, 'replace-lost-card');
  await fillForm(kiosk, ENTRIES);
  await by(kiosk.page, 'to-phone').click();
  await mustBeAccessible(kiosk, 'to the phone');
  const address = await by(kiosk.page, 'handover-code').getAttribute('data-address');
  const phone = await openPhone(browser, '', address ?? '');
  await by(phone.page, 'form-join').waitFor();
  await by(kiosk.page, 'start').waitFor();
  expect(await phone.page.content()).toContain('王小明');
  expect(new URL(phone.page.url()).hash).toBe('');
  // A reload, and the back button's own page, come to the same case.
  await phone.page.reload();
  await by(phone.page, 'form-join').click();
  const code = (await by(phone.page, 'code').textContent()) ?? '';

  await by(kiosk.page, 'language-en').click();
  await by(kiosk.page, 'have-code').click();
  for (const letter of '22222222') await by(kiosk.page, 'code-keys').getByText(letter, { exact: true }).tap();
  await kiosk.page.locator('[data-outcome="unknown"]').waitFor();
  await mustBeAccessible(kiosk, 'a wrong code');
  await by(kiosk.page, 'code-entry').fill(code.toLowerCase());
  await by(kiosk.page, 'form-join').waitFor();
  await by(phone.page, 'followed').waitFor();
  faultless(kiosk, phone);
});
