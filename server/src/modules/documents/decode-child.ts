import sharp from 'sharp';

/** The most that a picture may have, in pixels; 40 megapixels is more than any document camera gives. */
const MAX_PIXELS = 40_000_000;

export type DecodeAsk = { id: number; bytes: Uint8Array };
export type DecodeAnswer = { id: number } & (
  | { ok: true; jpeg: Uint8Array; width: number; height: number }
  | { ok: false; why: string }
);

sharp.cache(false);
sharp.concurrency(1);

// Decoding somebody else's bytes happens here, in a process that holds nothing and that may die.
process.on('message', (ask: DecodeAsk) => {
  void decode(ask).then((answer) => process.send?.(answer));
});
process.on('disconnect', () => process.exit(0));

async function decode({ id, bytes }: DecodeAsk): Promise<DecodeAnswer> {
  try {
    const image = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error', pages: 1 });
    // Encoded anew from the pixels, without metadata: what was hidden in the file does not come along.
    const { data, info } = await image
      .autoOrient()
      .flatten({ background: '#ffffff' })
      .jpeg({ quality: 90 })
      .toBuffer({ resolveWithObject: true });
    return { id, ok: true, jpeg: data, width: info.width, height: info.height };
  } catch (error) {
    return { id, ok: false, why: (error as Error).message };
  }
}
