import type { ServiceCard } from '@openvtm/protocol';

/** What fits a screen in the elder mode's print beside a person, and is taken in at a glance. */
const FEW = 4;

/** The services that the elder mode shows first: those the catalogue names for it, else those asked for most, else its first. */
export function fewServices<S extends Pick<ServiceCard, 'elder' | 'often'>>(services: readonly S[]): S[] {
  const [named, often] = [services.filter(({ elder }) => elder), services.filter((one) => one.often)];
  return [named, often, services].find((some) => some.length > 0)?.slice(0, FEW) ?? [];
}
