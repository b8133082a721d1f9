import type { FoundLine } from './find-lines.ts';

/** Red, green and blue, row by row. */
export type Picture = { data: Uint8Array; width: number; height: number };

/** What PP-OCR's line finder was taught with: each channel less its mean, over its spread. */
const MEAN = [0.485, 0.456, 0.406] as const;
const SPREAD = [0.229, 0.224, 0.225] as const;

/** A picture as the finder takes it: three planes, blue first. */
export function planesOf({ data, width, height }: Picture): Float32Array {
  const size = width * height;
  const planes = new Float32Array(3 * size);
  for (let channel = 0; channel < 3; channel += 1) {
    const [mean, spread] = [MEAN[channel] ?? 0, SPREAD[channel] ?? 1];
    for (let i = 0; i < size; i += 1)
      planes[channel * size + i] = ((data[i * 3 + 2 - channel] ?? 0) / 255 - mean) / spread;
  }
  return planes;
}

/** A line cut out along its slope, as high as the reader wants it, in planes of −1 to 1; `scale`: pixels of the picture for one of the line's. */
export function lineOf(
  { data, width, height }: Picture,
  line: FoundLine,
  { rows, scale, stretch = 1 }: { rows: number; scale: { x: number; y: number }; stretch?: number },
): { planes: Float32Array; columns: number } {
  const columns = Math.min(MOST_COLUMNS, Math.max(rows / 2, Math.round((line.length / line.height) * rows * stretch)));
  const planes = new Float32Array(3 * rows * columns);
  const [cos, sin] = [Math.cos(line.slope), Math.sin(line.slope)];
  const size = rows * columns;
  for (let row = 0; row < rows; row += 1) {
    const across = ((row + 0.5) / rows - 0.5) * line.height;
    for (let column = 0; column < columns; column += 1) {
      const along = ((column + 0.5) / columns - 0.5) * line.length;
      const x = clamp((line.x + along * cos - across * sin) * scale.x - 0.5, width - 1);
      const y = clamp((line.y + along * sin + across * cos) * scale.y - 0.5, height - 1);
      const [left, top] = [Math.floor(x), Math.floor(y)];
      const [fx, fy] = [x - left, y - top];
      const from = (top * width + left) * 3;
      const right = left < width - 1 ? 3 : 0;
      const down = top < height - 1 ? width * 3 : 0;
      for (let channel = 0; channel < 3; channel += 1) {
        const one = from + 2 - channel;
        const upper = (data[one] ?? 0) * (1 - fx) + (data[one + right] ?? 0) * fx;
        const lower = (data[one + down] ?? 0) * (1 - fx) + (data[one + down + right] ?? 0) * fx;
        planes[channel * size + row * columns + column] = (upper * (1 - fy) + lower * fy) / 127.5 - 1;
      }
    }
  }
  return { planes, columns };
}

/** A line forty times as long as it is high holds more letters than any on a card; a longer one is squeezed. */
const MOST_COLUMNS = 1_920;
const clamp = (value: number, most: number) => Math.min(most, Math.max(0, value));
