import { readdir, readFile } from 'node:fs/promises';
import { Service, ServiceCard } from '@openvtm/protocol';
import { Refusal } from '../../kernel/errors.ts';

export type Services = {
  /** `not-found` when no data file has this id. */
  get(id: string): Service;
  /** What kiosks show, in the order of the files' `order`. */
  cards(): ServiceCard[];
};

/**
 * Reads every data file of the catalogue. A broken file stops the start with its name and the place of the fault:
 * half a catalogue is never served.
 */
export async function createServices(folder: URL = new URL('./catalogue/', import.meta.url)): Promise<Services> {
  const byId = new Map<string, Service>();
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.json')).sort()) {
    const service = parse(name, await readFile(new URL(name, folder), 'utf8'));
    byId.set(service.id, service);
  }
  const all = [...byId.values()].sort((a, b) => a.order - b.order);
  return {
    get(id) {
      const service = byId.get(id);
      if (!service) throw new Refusal('not-found', `no service ${id}`);
      return service;
    },
    cards: () => all.map((service) => ServiceCard.parse(service)),
  };
}

function parse(file: string, text: string): Service {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`service file ${file}: not JSON: ${(error as Error).message}`, { cause: error });
  }
  const read = Service.safeParse(json);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new Error(`service file ${file}: at ${issue?.path.join('.') || 'its top'}: ${issue?.message}`);
  }
  if (`${read.data.id}.json` !== file)
    throw new Error(`service file ${file}: its id is ${read.data.id}; the file must be named ${read.data.id}.json`);
  const twice = read.data.fields.map((f) => f.name).find((name, i, names) => names.indexOf(name) !== i);
  if (twice) throw new Error(`service file ${file}: the field ${twice} is there twice`);
  return read.data;
}
