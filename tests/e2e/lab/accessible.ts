import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Watched } from './browser.ts';

/** What a fingertip hits without aiming (CSS pixels, both ways). */
const TARGET = 60;
const RULES = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];

const ready = new WeakMap<Page, Promise<unknown>>();
/** axe in the page and in every page that a reload brings. */
async function withAxe(page: Page): Promise<void> {
  if (!ready.has(page)) ready.set(page, page.context().addInitScript({ content: axe.source }));
  await ready.get(page);
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
}

/** What WCAG 2.2 level AA asks and a machine can see. */
async function violationsOn(page: Page): Promise<string[]> {
  await withAxe(page);
  return page.evaluate(async (rules) => {
    const { axe: run } = globalThis as unknown as { axe: typeof axe };
    const { violations } = await run.run(document, {
      runOnly: { type: 'tag', values: rules },
      resultTypes: ['violations'],
    });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, any }) => `${id} at ${target.join(' ')}: ${any[0]?.message ?? ''}`),
    );
  }, RULES);
}

/** Controls too small for a finger, words that do not fit their control, and what stands off the screen's sides. */
async function misfitsOn(page: Page): Promise<string[]> {
  return page.evaluate((target) => {
    const isShown = (one: Element) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    const isScrolled = (one: Element) => one.closest('[class*="overflow-x-auto"]') !== null;
    const nameOf = (one: Element) =>
      one.getAttribute('data-testid') ?? `${one.tagName.toLowerCase()} “${one.textContent?.trim().slice(0, 30)}”`;
    // Behind a dialog nothing can be touched.
    const top = document.querySelector('[role="alertdialog"]') ?? document.body;
    const controls = [...top.querySelectorAll('button, a[href], input, textarea, [role="radio"]')].filter(isShown);
    const found = controls.flatMap((one) => {
      const { width, height, left, right } = one.getBoundingClientRect();
      const wrongs: string[] = [];
      if (width < target - 0.5 || height < target - 0.5)
        wrongs.push(`is ${Math.round(width)} × ${Math.round(height)} px`);
      if (!isScrolled(one) && (left < -1 || right > innerWidth + 1)) wrongs.push('stands off the screen');
      if (
        one instanceof HTMLButtonElement &&
        (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1)
      )
        wrongs.push('is too narrow for its words');
      return wrongs.map((wrong) => `${nameOf(one)} ${wrong}`);
    });
    const words = [...top.querySelectorAll('h1, h2, p, dd, dt, li, label')]
      .filter(isShown)
      .filter((one) => !isScrolled(one) && one.getBoundingClientRect().right > innerWidth + 1)
      .map((one) => `${nameOf(one)} runs off the screen`);
    const wide = document.documentElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : [];
    return [...found, ...words, ...wide];
  }, TARGET);
}

const named = (found: string[], screen: string) => found.map((one) => `${screen}: ${one}`);

export async function mustBeAccessible({ page }: Watched, screen: string): Promise<void> {
  expect(named(await violationsOn(page), screen)).toEqual([]);
}

/** What a person with a finger, a screen reader or weak eyes would stumble over on this screen of the kiosk. */
export const stumblesOn = async (page: Page, screen: string): Promise<string[]> =>
  named([...(await violationsOn(page)), ...(await misfitsOn(page))], screen);
