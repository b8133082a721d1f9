/** Pixels on screen for a box, pixels of the picture for a picture. */
export type Size = { width: number; height: number };
/** Measured from the middle of the box, x to the right, y downwards (screen pixels). */
export type Point = { x: number; y: number };
/** How a picture lies in its box: the place of its middle, its scale, and its turn clockwise. */
export type View = Point & { scale: number; turn: 0 | 90 | 180 | 270 };
/** The picture and the box that it is looked at in. */
export type Stage = { picture: Size; box: Size };

/** At most eight screen pixels for one of the picture: print stays readable, more shows only squares. */
const MOST = 8;

const turned = (size: Size, turn: View['turn']): Size =>
  turn % 180 === 0 ? size : { width: size.height, height: size.width };

/** The scale at which the whole picture is just visible. */
export function fitScale(stage: Stage, turn: View['turn']): number {
  const { width, height } = turned(stage.picture, turn);
  if (width <= 0 || height <= 0) return 1;
  return Math.min(stage.box.width / width, stage.box.height / height);
}

export function fit(stage: Stage, turn: View['turn'] = 0): View {
  return { x: 0, y: 0, scale: fitScale(stage, turn), turn };
}

const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));

/** Keeps the picture's edge from leaving the box's edge inwards; a picture smaller than the box stays in the middle. */
function within(view: View, stage: Stage): View {
  const { width, height } = turned(stage.picture, view.turn);
  const room = (shown: number, box: number) => Math.max(0, (shown - box) / 2);
  const roomX = room(width * view.scale, stage.box.width);
  const roomY = room(height * view.scale, stage.box.height);
  return { ...view, x: clamp(view.x, -roomX, roomX), y: clamp(view.y, -roomY, roomY) };
}

/** Scales by `factor` so that the point of the picture under `at` stays under it, as far as the edges allow. */
export function zoomAt(view: View, stage: Stage, zoom: { at: Point; factor: number }): View {
  const least = Math.min(fitScale(stage, view.turn), 1);
  const scale = clamp(view.scale * zoom.factor, least, Math.max(MOST, least));
  const grown = scale / view.scale;
  const { at } = zoom;
  return within({ ...view, scale, x: at.x - (at.x - view.x) * grown, y: at.y - (at.y - view.y) * grown }, stage);
}

export function pan(view: View, stage: Stage, by: Point): View {
  return within({ ...view, x: view.x + by.x, y: view.y + by.y }, stage);
}

/** One screen pixel for each of the picture, in the middle of what is seen now. */
export function fullSize(view: View, stage: Stage): View {
  return zoomAt(view, stage, { at: { x: 0, y: 0 }, factor: 1 / view.scale });
}

/** A quarter turn clockwise; a picture that was fitted stays fitted. */
export function rotate(view: View, stage: Stage): View {
  const turn = ((view.turn + 90) % 360) as View['turn'];
  if (isFitted(view, stage)) return fit(stage, turn);
  return within({ ...view, turn, x: -view.y, y: view.x }, stage);
}

export function isFitted(view: View, stage: Stage): boolean {
  return Math.abs(view.scale - fitScale(stage, view.turn)) < 0.001;
}

/** The CSS transform of an image whose own middle lies in the middle of the box. */
export const transformOf = (view: View): string =>
  `translate(-50%, -50%) translate(${view.x}px, ${view.y}px) rotate(${view.turn}deg) scale(${view.scale})`;
