import { readdir, readFile } from 'node:fs/promises';
import { ServiceCard, stepIsReady, type Service, type Step } from '@openvtm/protocol';
import { Refusal } from '../../kernel/errors.ts';
import { readServiceFile, ServiceFileError } from './service-file.ts';
import { supervised } from './supervised.ts';

/** A service with the steps that this version can't carry out: with any it is not offered. */
export type CatalogueEntry = ServiceCard & { missing: { id: string; kind: Step['kind'] }[] };

export type Services = {
  /** `not-found` when no data file has this id. */
  get(id: string): Service;
  /** Whether customers may begin it: every one of its steps can be carried out. */
  offers(id: string): boolean;
  /** What kiosks show, in the order of the files' `order`. */
  cards(): ServiceCard[];
  /** What the administrator must know: every service, and what keeps it from being offered. */
  all(): CatalogueEntry[];
};

const SHIPPED = new URL('./catalogue/', import.meta.url);

/**
 * Reads every data file of the catalogue, and of `own`, a bank's own folder; a file there replaces the shipped one of
 * its name. `core`: whether there is a core to ask. `tellsOfSupervision`: customers agree, with what a service's file asks
 * for, to supervisors who may listen. Any broken file stops the start with all that is wrong: half a catalogue is never served.
 */
export async function createServices({
  own,
  core,
  tellsOfSupervision = false,
}: {
  own: URL | null;
  core: boolean;
  tellsOfSupervision?: boolean;
}): Promise<Services> {
  const files = new Map([...(await filesIn(SHIPPED)), ...(own ? await filesIn(own) : [])]);
  const all: Service[] = [];
  const broken: string[] = [];
  for (const [name, text] of files) {
    try {
      const service = readServiceFile(name, text);
      all.push(tellsOfSupervision ? supervised(service) : service);
    } catch (error) {
      if (!(error instanceof ServiceFileError)) throw error;
      broken.push(error.message);
    }
  }
  if (broken.length > 0) throw new ServiceFileError(broken.join('\n'));
  all.sort((a, b) => a.order - b.order);
  const byId = new Map<string, Service>(all.map((service) => [service.id, service]));
  const entries = all.map((service) => ({ ...ServiceCard.parse(service), missing: missingOf(service, core) }));
  const cards = entries.filter(({ missing }) => missing.length === 0).map((entry) => ServiceCard.parse(entry));
  return {
    get(id) {
      const service = byId.get(id);
      if (!service) throw new Refusal('not-found', `no service ${id}`);
      return service;
    },
    offers: (id) => cards.some((card) => card.id === id),
    cards: () => cards,
    all: () => entries,
  };
}

const missingOf = ({ steps }: Service, core: boolean): CatalogueEntry['missing'] =>
  steps.filter((step) => !stepIsReady(step, { core })).map(({ id, kind }) => ({ id, kind }));

async function filesIn(folder: URL): Promise<[name: string, text: string][]> {
  const names = (await readdir(folder)).filter((file) => file.endsWith('.json')).sort();
  return Promise.all(
    names.map(async (name): Promise<[string, string]> => [name, await readFile(new URL(name, folder), 'utf8')]),
  );
}
