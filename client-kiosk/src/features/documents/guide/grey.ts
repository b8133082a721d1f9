/** Brightness row by row, 0 to 255, one byte a pixel; rows begin `stride` bytes apart. */
export type Grey = { data: Uint8Array; width: number; height: number; stride: number };

/** A smaller picture, each pixel the mean of those that it stands for; no larger than it was. */
export function shrink({ data, width, height, stride }: Grey, longest: number): Grey {
  const scale = Math.max(1, Math.max(width, height) / longest);
  const [wide, high] = [Math.max(1, Math.floor(width / scale)), Math.max(1, Math.floor(height / scale))];
  // Of a large picture a few of its pixels tell the mean as well.
  const step = Math.max(1, Math.floor(scale / 2));
  const out = new Uint8Array(wide * high);
  for (let row = 0; row < high; row += 1) {
    const [top, bottom] = [
      Math.floor(row * scale),
      Math.max(Math.floor((row + 1) * scale), Math.floor(row * scale) + 1),
    ];
    for (let column = 0; column < wide; column += 1) {
      const left = Math.floor(column * scale);
      const right = Math.max(Math.floor((column + 1) * scale), left + 1);
      let [sum, count] = [0, 0];
      for (let y = top; y < bottom; y += step)
        for (let x = left; x < right; x += step) {
          sum += data[y * stride + x] ?? 0;
          count += 1;
        }
      out[row * wide + column] = sum / count;
    }
  }
  return { data: out, width: wide, height: high, stride: wide };
}

/** Brightness of a picture of four bytes a pixel (red, green, blue, opacity), by Rec. 601. */
export function greyOf(rgba: Uint8ClampedArray, width: number, height: number): Grey {
  const data = new Uint8Array(width * height);
  for (let i = 0; i < data.length; i += 1) {
    const at = 4 * i;
    data[i] = (77 * (rgba[at] ?? 0) + 150 * (rgba[at + 1] ?? 0) + 29 * (rgba[at + 2] ?? 0)) >> 8;
  }
  return { data, width, height, stride: width };
}
