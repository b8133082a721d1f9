import { join } from 'node:path';
import { by, openBrowser } from '../../e2e/lab/browser.ts';
import { fillForm, openKiosk, startService } from '../../e2e/lab/kiosk.ts';
import { filmQr, openPhone } from '../../e2e/lab/phone.ts';

const ENTRIES = { fullName: '王小明', idNumber: '11010519900307005X', phone: '13900139001', howLost: 'lost' };

/**
 * In real browsers: a phone shows its QR picture, the kiosk's camera sees it. `readMs`: from the code read to the case
 * drawn on the kiosk; `openMs`: from the touch that opens the scanner, with the camera's own opening.
 */
export async function measureScans(
  url: string,
  { rounds, folder }: { rounds: number; folder: string },
): Promise<{ readMs: number[]; openMs: number[] }> {
  const phones = await openBrowser();
  const result: { readMs: number[]; openMs: number[] } = { readMs: [], openMs: [] };
  try {
    for (let round = 0; round < rounds; round += 1) {
      const phone = await openPhone(phones, url);
      await startService(phone, 'replace-lost-card');
      await fillForm(phone, ENTRIES);
      await by(phone.page, 'form-join').click();
      const camera = await filmQr(phone, join(folder, `qr-${round}.mjpeg`));
      const browser = await openBrowser({ camera });
      try {
        const kiosk = await openKiosk(browser, url);
        const taken = kiosk.page.evaluate(
          () =>
            new Promise<{ read: number; drawn: number }>((done) => {
              let read = 0;
              const look = () => {
                const entry = document.querySelector<HTMLInputElement>('[data-testid="code-entry"]');
                if (read === 0 && entry && entry.value.length > 8) read = performance.now();
                if (document.querySelector('[data-screen="person"] [data-testid="form-join"]'))
                  done({ read, drawn: performance.now() });
                else requestAnimationFrame(look);
              };
              look();
            }),
        );
        const opened = await kiosk.page.evaluate(() => performance.now());
        await by(kiosk.page, 'have-code').click();
        const { read, drawn } = await taken;
        result.readMs.push(drawn - read);
        result.openMs.push(drawn - opened);
        await by(kiosk.page, 'form-cancel').click();
        await by(kiosk.page, 'cancel-yes').click();
        await by(kiosk.page, 'start').waitFor();
      } finally {
        await browser.close();
      }
      await phone.context.close();
    }
  } finally {
    await phones.close();
  }
  return result;
}
