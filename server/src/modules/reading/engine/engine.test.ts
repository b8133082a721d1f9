import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, expect, test } from 'vitest';
import { bankCard, pictureOf } from '../../../../../tests/sample-documents.ts';
import { createEngine, type Engine } from './engine.ts';

let engine: Engine | undefined;
afterEach(() => engine?.close());

const text = ({ lines }: Awaited<ReturnType<Engine['read']>>) => lines.map((one) => one.text.replace(/\s/g, ''));
const card = () => pictureOf(bankCard({ start: '622999012345678901', thru: '09/31', holder: 'WANG XIAOMING' }));

test('reads Chinese and digits, and a picture that is turned when it is told so', { timeout: 60_000 }, async () => {
  engine = createEngine();
  expect(text(await engine.read(await card(), 0))).toEqual(
    expect.arrayContaining(['示例银行储蓄卡', '6229990123456789016']),
  );
  const turned = await sharp(await card())
    .rotate(90)
    .jpeg()
    .toBuffer();
  const upright = await engine.read(turned, 270);
  expect(text(upright)).toContain('6229990123456789016');
  expect([upright.width, upright.height]).toEqual([1012, 638]);
});

test('what is no picture, or cut, or enormous, is refused, and the next one is read', { timeout: 60_000 }, async () => {
  engine = createEngine();
  const good = await card();
  const huge = await sharp({ create: { width: 9_000, height: 9_000, channels: 3, background: '#fff' } })
    .jpeg()
    .toBuffer();
  for (const bad of [Buffer.from('no picture'), good.subarray(0, good.length / 2), huge, Buffer.alloc(0)])
    await expect(engine.read(bad, 0)).rejects.toThrow('could not be read');
  expect(text(await engine.read(good, 0))).toContain('6229990123456789016');
});

test('an empty page and a tiny one have no lines', { timeout: 60_000 }, async () => {
  engine = createEngine();
  for (const [width, height] of [
    [800, 600],
    [1, 1],
    [3_000, 2],
  ] as const) {
    const blank = await sharp({ create: { width, height, channels: 3, background: '#fff' } })
      .jpeg()
      .toBuffer();
    expect((await engine.read(blank, 0)).lines).toEqual([]);
  }
});

test.for([
  ['takes for ever', "process.on('message', () => undefined);", 'took too long'],
  ['ends its process', "process.on('message', () => process.exit(1));", 'ended the process'],
  [
    'takes all memory',
    "process.on('message', () => { const all = []; for (;;) all.push(Buffer.alloc(5e7, 1)); });",
    'ended the process',
  ],
])('a picture that %s ends that process alone', { timeout: 60_000 }, async ([, script, why]) => {
  const folder = await mkdtemp(join(tmpdir(), 'openvtm-engine-'));
  try {
    const child = join(folder, 'child.mjs');
    await writeFile(child, script ?? '');
    engine = createEngine({ child, timeMs: why === 'took too long' ? 500 : 20_000 });
    await expect(engine.read(Buffer.from('x'), 0)).rejects.toThrow(why);
    await expect(engine.read(Buffer.from('x'), 0)).rejects.toThrow(why);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('closing ends what is being read, and may be done twice', { timeout: 60_000 }, async () => {
  engine = createEngine();
  const reading = engine.read(await card(), 0);
  const ended = reading.catch((error: unknown) => String(error));
  await new Promise((resolve) => setTimeout(resolve, 50));
  engine.close();
  engine.close();
  expect(await ended).toContain('ended the process');
  await expect(engine.read(await card(), 0)).rejects.toThrow('closed');
});
