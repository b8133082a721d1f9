import { personFor, type Service } from '@openvtm/protocol';
import { createServices } from '../../../server/src/modules/services/index.ts';

/** The shipped services that the demonstration offers, as their data files have them. */
export async function offeredServices(): Promise<Service[]> {
  const services = await createServices({ own: null, core: true });
  return services.cards().map(({ id }) => services.get(id));
}

export async function offeredService(id: string): Promise<Service> {
  const service = (await offeredServices()).find((one) => one.id === id);
  if (!service) throw new Error(`${id} is not offered`);
  return service;
}

export const needsNobody = ({ steps }: Service): boolean => steps.every((step) => personFor(step) === 'nobody');
