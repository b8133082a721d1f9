import type { TicketView, WaitChoice } from '@openvtm/protocol';

export type WaitState = 'joining' | 'coming' | 'closed' | 'nobody' | 'waiting';

/** How it stands with the customer's place; the first word of it is the heading. */
export function waitStateOf(ticket: Pick<TicketView, 'at' | 'shut' | 'wait'> | null): WaitState {
  if (ticket === null) return 'joining';
  if (ticket.at === 'coming') return 'coming';
  return ticket.shut?.is ?? (ticket.wait === null ? 'nobody' : 'waiting');
}

type Now = Pick<TicketView, 'shut' | 'overdue'>;
/** Whether there is a new reason to ask how the customer would like to go on. Pure. */
export const asksAnew = (now: Now, before: Now): boolean =>
  (now.overdue && !before.overdue) || (now.shut !== null && now.shut.is !== before.shut?.is);

type Can = {
  /** An appointment can be made for this service, and there is none yet. */
  book: boolean;
  /** Staff were called already. */
  calledStaff: boolean;
};
/** Of what the server offers, in its order, what this customer has a use for. */
export const usefulChoices = (choices: readonly WaitChoice[], can: Can): WaitChoice[] =>
  choices.filter((one) => {
    if (one === 'appointment') return can.book;
    return one !== 'branch-staff' || !can.calledStaff;
  });
