import type { CallBackView } from '@openvtm/protocol';

/** Whether somebody should be called now: the turn has come, and the last call, if any, was in vain. Pure. */
export const isDue = ({ due, reached }: Pick<CallBackView, 'due' | 'reached'>): boolean => due && reached !== true;

/** Who is to be called now first, who was reached last; among these the order of their turn, as the server has it. Pure. */
export const inOrder = (callBacks: readonly CallBackView[]): CallBackView[] => {
  const rank = (one: CallBackView) => (isDue(one) ? 0 : one.reached === true ? 2 : 1);
  return callBacks.toSorted((a, b) => rank(a) - rank(b));
};

/** The number as it is read out: `139 0013 9001` of a mobile number of the mainland, others as they are. Pure. */
export const readOut = (phone: string): string =>
  /^1\d{10}$/.test(phone) ? `${phone.slice(0, 3)} ${phone.slice(3, 7)} ${phone.slice(7)}` : phone;
