import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';

const require = createRequire(import.meta.url);
const PACKAGE = '@shiguredo/virtual-background';

/** What it loads by name at run time: the model, and the WebAssembly that every browser of these years can run. */
const FILES = [
  'selfie_segmentation.binarypb',
  'selfie_segmentation.tflite',
  'selfie_segmentation_landscape.tflite',
  'selfie_segmentation_solution_simd_wasm_bin.js',
  'selfie_segmentation_solution_simd_wasm_bin.wasm',
];

/** Puts the files under a folder that carries their version, so that they may be kept for ever. */
export function backgroundFiles({ base }: { base: string }): Plugin {
  const dist = dirname(require.resolve(PACKAGE));
  const { version } = JSON.parse(readFileSync(join(dist, '../package.json'), 'utf8')) as { version: string };
  const folder = `assets/virtual-background-${version}`;
  return {
    name: 'openvtm-background-files',
    config: () => ({ define: { BACKGROUND_FILES: JSON.stringify(`${base}${folder}`) } }),
    generateBundle() {
      for (const file of FILES)
        this.emitFile({ type: 'asset', fileName: `${folder}/${file}`, source: readFileSync(join(dist, file)) });
    },
  };
}
