import type { ServiceCard, ServiceId } from '@openvtm/protocol';

/** What is being booked; `serviceId` null: still to be chosen. `move`: the appointment that this device holds. */
export type Booking = { purpose: 'new' | 'move'; serviceId: ServiceId | null };

/** The services for which somebody has to be there: the others need no appointment. What is asked for most comes first. */
export const bookableServices = (services: readonly ServiceCard[]): ServiceCard[] =>
  services
    .filter(({ where }) => where.some((one) => one !== 'alone'))
    .toSorted((a, b) => Number(b.listed) - Number(a.listed) || Number(b.often) - Number(a.often) || a.order - b.order);
