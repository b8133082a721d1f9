/** Milliseconds since 1970. Time is an argument everywhere else; only this file asks the machine. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();
