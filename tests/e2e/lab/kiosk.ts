import type { Browser, Page } from 'playwright-core';
import { by, openPage, type Watched } from './browser.ts';

export type Kiosk = Watched;
export type KioskWish = {
  number?: 1 | 2;
  language?: 'zh-CN' | 'en';
  print?: 'normal' | 'large';
  width?: number;
  height?: number;
  permissions?: string[];
  /** The screen is touched, not clicked. */
  touch?: boolean;
};

/** What the tests type; the ID number is invented and its check digit holds. */
export const ENTRIES: Record<string, string> = {
  fullName: "张伟 O'Neil",
  idNumber: '110101199003070134',
  phone: '13800138000',
  oldPhone: '13800138000',
  newPhone: '13911112222',
  cardLast4: '4321',
  howLost: 'lost',
  accountClass: 'class-2',
  occupation: '教师',
  address: '北京市东城区一号',
};

/** A kiosk of the demonstration, enrolled and on its first screen. */
export async function openKiosk(browser: Browser, url: string, wish: KioskWish = {}): Promise<Kiosk> {
  const { number = 1, width = 1080, height = 1920, permissions, touch = false } = wish;
  const kiosk = await openPage(browser, {
    url: `${url}/kiosk/#enrol=DEMO-KIOSK-${number}`,
    width,
    height,
    touch,
    ...(permissions ? { permissions } : {}),
  });
  await by(kiosk.page, 'start').waitFor();
  return kiosk;
}

/** From the first screen to the form. */
export async function startService({ page }: Kiosk, serviceId: string, wish: KioskWish = {}): Promise<void> {
  await by(page, `language-${wish.language ?? 'en'}`).click();
  if (wish.print) await by(page, `print-${wish.print}`).click();
  await by(page, 'start').click();
  await by(page, `service-${serviceId}`).click();
  await by(page, 'consent-agree').click();
}

/** Fills every page of the form, to its review. */
export async function fillForm({ page }: Kiosk, entries = ENTRIES): Promise<void> {
  await by(page, 'form-next').or(by(page, 'form-join')).first().waitFor();
  while (await by(page, 'form-next').isVisible()) {
    const heading = await by(page, 'form-page').textContent();
    await page.locator('[data-testid^="field-"]').first().waitFor();
    for (const [name, value] of Object.entries(entries)) {
      const input = by(page, `input-${name}`);
      if (await input.isVisible()) await input.fill(value);
      const choice = by(page, `choice-${name}-${value}`);
      if (await choice.isVisible()) await choice.click();
    }
    await by(page, 'form-next').click();
    await page.waitForFunction(
      (before) => document.querySelector('[data-testid="form-page"]')?.textContent !== before,
      heading,
    );
  }
}

/** From the first screen to the queue. */
export async function joinQueue(kiosk: Kiosk, serviceId: string, wish: KioskWish = {}): Promise<void> {
  await startService(kiosk, serviceId, wish);
  await fillForm(kiosk);
  await by(kiosk.page, 'form-join').click();
  await by(kiosk.page, 'waiting').waitFor();
}

/** Presses the button, unless the kiosk has seen a page and takes the picture by itself. */
export async function takePicture(page: Page): Promise<void> {
  const [button, check] = [by(page, 'capture-take'), by(page, 'capture-send')];
  await button.or(check).first().waitFor();
  if (!(await button.isVisible())) return;
  await Promise.race([button.click(), check.waitFor()]);
}

/** Takes a picture with the camera that was asked for, and sends it. */
export async function sendPicture({ page }: Kiosk): Promise<void> {
  await takePicture(page);
  await by(page, 'capture-send').click();
}
