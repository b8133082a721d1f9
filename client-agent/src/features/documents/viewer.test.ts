import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fit, fitScale, fullSize, isFitted, pan, rotate, type Stage, type View, zoomAt } from './viewer.ts';

const stage: Stage = { picture: { width: 2000, height: 1000 }, box: { width: 500, height: 500 } };

/** The point of the picture (pixels from its middle, before turning) that lies under a point of the box. */
function under(view: View, at: { x: number; y: number }) {
  const x = (at.x - view.x) / view.scale;
  const y = (at.y - view.y) / view.scale;
  const angle = (-view.turn * Math.PI) / 180;
  return { x: x * Math.cos(angle) - y * Math.sin(angle), y: x * Math.sin(angle) + y * Math.cos(angle) };
}

describe('the page viewer', () => {
  it('fits the whole picture, standing or lying', () => {
    expect(fit(stage)).toEqual({ x: 0, y: 0, scale: 0.25, turn: 0 });
    expect(fitScale({ ...stage, box: { width: 500, height: 100 } }, 0)).toBe(0.1);
    expect(fitScale({ ...stage, box: { width: 500, height: 100 } }, 90)).toBe(0.05);
  });

  it('zooms at the cursor: what is under it stays under it', () => {
    const near = zoomAt(fit(stage), stage, { at: { x: 0, y: 0 }, factor: 8 });
    const at = { x: 120, y: -80 };
    const nearer = zoomAt(near, stage, { at, factor: 1.5 });
    expect(nearer.scale).toBeCloseTo(3);
    expect(under(nearer, at).x).toBeCloseTo(under(near, at).x);
    expect(under(nearer, at).y).toBeCloseTo(under(near, at).y);
  });

  it('zooms between the whole picture and eight times its size', () => {
    expect(zoomAt(fit(stage), stage, { at: { x: 0, y: 0 }, factor: 0.01 }).scale).toBe(0.25);
    expect(zoomAt(fit(stage), stage, { at: { x: 0, y: 0 }, factor: 1000 }).scale).toBe(8);
  });

  it('can be dragged to the edges and no further', () => {
    const full = fullSize(fit(stage), stage);
    expect(full.scale).toBe(1);
    expect(pan(full, stage, { x: -10_000, y: 10_000 })).toMatchObject({ x: -750, y: 250 });
    expect(pan(fit(stage), stage, { x: 40, y: 40 })).toMatchObject({ x: 0, y: 0 });
  });

  it('turns by quarters, fitted again if it was, and comes round', () => {
    const once = rotate(fit(stage), stage);
    expect(once).toEqual({ x: 0, y: 0, scale: 0.25, turn: 90 });
    expect(rotate(rotate(rotate(once, stage), stage), stage)).toEqual(fit(stage));
  });

  it('keeps the middle of what is seen when it turns', () => {
    const full = pan(fullSize(fit(stage), stage), stage, { x: -200, y: -100 });
    const before = under(full, { x: 0, y: 0 });
    const after = under(rotate(full, stage), { x: 0, y: 0 });
    expect(after.x).toBeCloseTo(before.x);
    expect(after.y).toBeCloseTo(before.y);
  });

  it('never shows a gap at an edge while the picture is larger than its box', () => {
    const move = fc.oneof(
      fc.record({
        kind: fc.constant('pan' as const),
        x: fc.integer({ min: -900, max: 900 }),
        y: fc.integer({ min: -900, max: 900 }),
      }),
      fc.record({
        kind: fc.constant('zoom' as const),
        x: fc.integer({ min: -250, max: 250 }),
        y: fc.integer({ min: -250, max: 250 }),
        factor: fc.double({ min: 0.2, max: 5, noNaN: true }),
      }),
      fc.record({ kind: fc.constant('turn' as const) }),
    );
    fc.assert(
      fc.property(fc.array(move, { maxLength: 30 }), (moves) => {
        let view = fit(stage);
        for (const step of moves) {
          if (step.kind === 'pan') view = pan(view, stage, step);
          else if (step.kind === 'zoom') view = zoomAt(view, stage, { at: step, factor: step.factor });
          else view = rotate(view, stage);
          const lying = view.turn % 180 === 0;
          const width = (lying ? 2000 : 1000) * view.scale;
          const height = (lying ? 1000 : 2000) * view.scale;
          expect(Math.abs(view.x)).toBeLessThanOrEqual(Math.max(0, (width - 500) / 2) + 0.01);
          expect(Math.abs(view.y)).toBeLessThanOrEqual(Math.max(0, (height - 500) / 2) + 0.01);
        }
      }),
    );
  });

  it('knows whether the picture is fitted', () => {
    expect(isFitted(fit(stage, 90), stage)).toBe(true);
    expect(isFitted(fullSize(fit(stage), stage), stage)).toBe(false);
  });
});
