import type { Mark, Spot } from '@openvtm/protocol';

/** Spots nearer than this to the last one add nothing to see (ten-thousandths of the page). */
const NEAR = 35;
/** The protocol's own bound; a test holds them together. Read from there, zod would run before it is told not to compile. */
const MOST_SPOTS = 200;

const within = (value: number) => Math.min(10_000, Math.max(0, Math.round(value)));
/** A place on the page, in the page's own ten-thousandths. */
export const spotAt = (at: { x: number; y: number }, page: { width: number; height: number }): Spot => [
  within((at.x / page.width) * 10_000),
  within((at.y / page.height) * 10_000),
];

const apart = ([ax, ay]: Spot, [bx, by]: Spot) => Math.hypot(ax - bx, ay - by);

/** A line with one spot more; one that grew too long keeps every other of its spots. Pure. */
export function longer(spots: readonly Spot[], next: Spot): Spot[] {
  const last = spots.at(-1);
  if (last && apart(last, next) < NEAR) return [...spots];
  const room = spots.length < MOST_SPOTS ? spots : spots.filter((_, at) => at % 2 === 0);
  return [...room, next];
}

/** The mark that a stroke from its first spot to its last makes; null: too small to be meant. */
export function markOf(shape: 'line' | 'arrow' | 'box', spots: readonly Spot[]): Mark | null {
  const [from] = spots;
  const to = spots.at(-1);
  if (!from || !to || spots.length < 2) return null;
  if (shape === 'line') return { shape, spots: [...spots] };
  return apart(from, to) < NEAR ? null : { shape, from, to };
}

type Page = { width: number; height: number };
const pixel = ([x, y]: Spot, { width, height }: Page) => ({ x: (x * width) / 10_000, y: (y * height) / 10_000 });

/** What is drawn for a mark, in pixels of the page; `unit`: of which one is seen as one on the screen. */
export function pathOf(mark: Exclude<Mark, { shape: 'label' }>, page: Page, unit: number): string {
  if (mark.shape === 'line')
    return mark.spots
      .map((spot, at) => {
        const { x, y } = pixel(spot, page);
        return `${at === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
      })
      .join('');
  const [a, b] = [pixel(mark.from, page), pixel(mark.to, page)];
  if (mark.shape === 'box') return `M${a.x} ${a.y}H${b.x}V${b.y}H${a.x}Z`;
  const angle = Math.atan2(b.y - a.y, b.x - a.x);
  const wing = (turn: number) =>
    `${(b.x - 18 * unit * Math.cos(angle + turn)).toFixed(1)} ${(b.y - 18 * unit * Math.sin(angle + turn)).toFixed(1)}`;
  return `M${a.x} ${a.y}L${b.x} ${b.y}M${wing(0.45)}L${b.x} ${b.y}L${wing(-0.45)}`;
}
export const placeOf = (spot: Spot, page: Page) => pixel(spot, page);
