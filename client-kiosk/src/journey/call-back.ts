import { fieldsOf, HandoverCode, Instant, phoneHolds, type KioskCase, type TicketView } from '@openvtm/protocol';

/** A place in the queue that is kept for a customer who goes away. `phone`, masked; null: a reload has forgotten it. */
export type KeptPlace = { code: string; keptUntil: number; phone: string | null };

/** `number`: it is being entered. `asking`: the server is asked, and takes the case off this kiosk. */
export type CallBack = { at: 'number' } | { at: 'asking' } | { at: 'kept'; place: KeptPlace };

/** Whether the end of the case at this kiosk is the customer's wish and not the end of it. */
export const isPromised = (callBack: CallBack | null): boolean => callBack !== null && callBack.at !== 'number';

/** Whether the customer can be called back as things are. Pure. A teller who comes meanwhile goes first. */
export function isCallBackShown(callBack: CallBack, running: KioskCase | null, ticket: TicketView | null): boolean {
  switch (callBack.at) {
    case 'number':
      return running?.at === 'waiting' && ticket?.at === 'waiting' && ticket.choices.includes('call-back');
    case 'asking':
      return running === null || running.at === 'waiting';
    case 'kept':
      return running === null;
    default:
      return callBack satisfies never;
  }
}

/** The number of the form, for the customer to check; null where there is none, or more than one to choose from. */
export function knownNumber({ service, values }: Pick<KioskCase, 'service' | 'values'>): string | null {
  const names = new Set(
    fieldsOf(service.form)
      .filter(({ kind }) => kind === 'phone')
      .map(({ name }) => name),
  );
  // What the bank knows may come masked.
  const numbers = new Set(
    values.filter(({ name, value }) => names.has(name) && phoneHolds(value)).map(({ value }) => value),
  );
  const [only = null, second] = numbers;
  return second === undefined ? only : null;
}

/** As much of a number as tells its owner which it is: `138****1234`. */
export const maskedNumber = (number: string): string =>
  `${number.slice(0, 3)}****${number.slice(number.length < 11 ? -2 : -4)}`;

/** What was kept over a reload; null for anything else. */
export function keptPlaceOf(text: string | null): KeptPlace | null {
  try {
    const { code, keptUntil } = JSON.parse(text ?? '') as Record<string, unknown>;
    return { code: HandoverCode.parse(code), keptUntil: Instant.parse(keptUntil), phone: null };
  } catch {
    return null;
  }
}
