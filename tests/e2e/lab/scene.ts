import { writeFile } from 'node:fs/promises';
import { drawScene, type Scene } from '../../document-scene.ts';

/** A page on a table, held before a camera: a file that Chromium plays as one. Each scene is seen for `frames` frames. */
export async function filmScenes(file: string, scenes: Scene[], { frames = 10 } = {}): Promise<string> {
  const pictures = await Promise.all(
    scenes.map(async (scene) => (await drawScene(scene)).jpeg({ quality: 92 }).toBuffer()),
  );
  await writeFile(file, Buffer.concat(pictures.flatMap((one) => Array.from({ length: frames }, () => one))));
  return file;
}
