/** Per cent of a text that was on the screen by now: all of it where it fits, and where its last line was seen. */
export function shareSeen({
  scrollTop,
  clientHeight,
  scrollHeight,
}: Pick<Element, 'scrollTop' | 'clientHeight' | 'scrollHeight'>): number {
  // A page that is zoomed stops a fraction of a pixel before its end.
  if (scrollTop + clientHeight >= scrollHeight - 2) return 100;
  return Math.min(99, Math.floor((100 * (scrollTop + clientHeight)) / scrollHeight));
}

/** Whether it is worth telling the server: the first look, the end, and every tenth in between. */
export const worthTelling = (share: number, told: number | null): boolean =>
  told === null || (share === 100 && told < 100) || Math.floor(share / 10) > Math.floor(told / 10);
