import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { createServices } from './index.ts';

const shipped = await createServices();

async function folderWith(name: string, text: string): Promise<URL> {
  const folder = await mkdtemp(join(tmpdir(), 'services-'));
  await writeFile(join(folder, name), text);
  return pathToFileURL(`${folder}/`);
}

test('the shipped catalogue loads, and its cards keep the words of the agent to the agent', () => {
  const cards = shipped.cards();
  expect(cards.filter((card) => card.listed).map((card) => card.id)).toEqual([
    'replace-lost-card',
    'open-personal-account',
    'update-phone-number',
  ]);
  expect(JSON.stringify(cards)).not.toContain('script');
});

test('an unknown service is refused', () => {
  expect(() => shipped.get('rob-the-bank')).toThrow(expect.objectContaining({ code: 'not-found' }));
});

test('a broken file stops the start with its name and the place', async () => {
  await expect(createServices(await folderWith('test-service.json', '{'))).rejects.toThrow(
    /test-service\.json: not JSON/,
  );
  const service = { ...shipped.get('update-phone-number'), id: 'test-service', minutes: 'five' };
  await expect(createServices(await folderWith('test-service.json', JSON.stringify(service)))).rejects.toThrow(
    /test-service\.json: at minutes/,
  );
  const extra = { ...shipped.get('update-phone-number'), id: 'test-service', colour: 'red' };
  await expect(createServices(await folderWith('test-service.json', JSON.stringify(extra)))).rejects.toThrow(/colour/);
});

test('a file must be named after its service, and may not have a field twice', async () => {
  const service = shipped.get('update-phone-number');
  await expect(createServices(await folderWith('other-service.json', JSON.stringify(service)))).rejects.toThrow(
    /must be named/,
  );
  const twice = { ...service, id: 'test-service', fields: [...service.fields, service.fields[0]] };
  await expect(createServices(await folderWith('test-service.json', JSON.stringify(twice)))).rejects.toThrow(
    /there twice/,
  );
});
