import { projectionOf, type Corners } from '@openvtm/protocol';

/** Pixels row by row, three bytes each (red, green, blue). */
export type Pixels = { data: Uint8Array; width: number; height: number };

/** The page between the corners, seen from straight above, as large as its edges are in the picture. */
export function straighten({ data, width, height }: Pixels, corners: Corners): Pixels {
  const [p0, p1, p2, p3] = corners.map(({ x, y }) => ({ x: x * width, y: y * height })) as [Dot, Dot, Dot, Dot];
  const wide = Math.max(1, Math.round((apart(p0, p1) + apart(p3, p2)) / 2));
  const high = Math.max(1, Math.round((apart(p0, p3) + apart(p1, p2)) / 2));
  const [a, b, c, d, e, f, g, h, i] = projectionOf([p0, p1, p2, p3]);
  const out = new Uint8Array(wide * high * 3);
  const [lastX, lastY] = [width - 1, height - 1];
  let at = 0;
  for (let row = 0; row < high; row += 1) {
    const v = (row + 0.5) / high;
    const [x0, y0, w0] = [b * v + c, e * v + f, h * v + i];
    for (let column = 0; column < wide; column += 1) {
      const u = (column + 0.5) / wide;
      const w = g * u + w0;
      const x = Math.min(lastX, Math.max(0, (a * u + x0) / w - 0.5));
      const y = Math.min(lastY, Math.max(0, (d * u + y0) / w - 0.5));
      const left = x | 0;
      const top = y | 0;
      const [fx, fy] = [x - left, y - top];
      const from = (top * width + left) * 3;
      const right = left < lastX ? 3 : 0;
      const down = top < lastY ? width * 3 : 0;
      const [w00, w10, w01, w11] = [(1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy];
      for (let channel = 0; channel < 3; channel += 1) {
        const one = from + channel;
        // Half added and cut off: rounds.
        out[at + channel] =
          (data[one] ?? 0) * w00 +
          (data[one + right] ?? 0) * w10 +
          (data[one + down] ?? 0) * w01 +
          (data[one + right + down] ?? 0) * w11 +
          0.5;
      }
      at += 3;
    }
  }
  return { data: out, width: wide, height: high };
}

type Dot = { x: number; y: number };
const apart = (one: Dot, other: Dot) => Math.hypot(one.x - other.x, one.y - other.y);
