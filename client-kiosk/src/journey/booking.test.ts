import type { ServiceCard } from '@openvtm/protocol';
import { expect, test } from 'vitest';
import { bookableServices } from './booking.ts';

const card = (id: string, rest: Partial<ServiceCard>) =>
  ({ id, where: ['agent'], listed: true, often: false, order: 1, ...rest }) as ServiceCard;

test('only what needs somebody is booked; what is asked for most comes first, talking to a teller last', () => {
  const services = [
    card('talk', { listed: false }),
    card('rare', { order: 1 }),
    card('alone', { where: ['alone'] }),
    card('both', { where: ['alone', 'agent'], order: 2 }),
    card('often', { often: true, order: 9 }),
  ];
  expect(bookableServices(services).map(({ id }) => id)).toEqual(['often', 'rare', 'both', 'talk']);
});
