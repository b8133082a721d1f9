import { RateLimiterMemory } from 'rate-limiter-flexible';

/** Requests a line may make: a burst of 200, then 50 a second. A person needs a few; a call's set-up about 20. */
const LINE = { points: 200, duration: 4 };
/** Calls of the HTTP interface by one address in 10 s. */
const HTTP = { points: 300, duration: 10 };
/** Sign-ins, enrolments and their challenges by one address in a minute: enough for a branch behind one address. */
const CREDENTIALS = { points: 60, duration: 60 };
/** Appointments booked or moved by phones of one address, or by one kiosk, in ten minutes. */
const BOOKINGS = { points: 20, duration: 600 };
/** Of one address in a minute: three a test, each of a megabyte at most; a branch's kiosks and desks may be one address. */
const SELF_TESTS = { points: 120, duration: 60 };

export type Limit = { /** false when `key` has used up what it may. */ take(key: string): Promise<boolean> };

const limitOf = (options: { points: number; duration: number }): Limit => {
  const limiter = new RateLimiterMemory(options);
  return {
    take: (key) =>
      limiter.consume(key).then(
        () => true,
        () => false,
      ),
  };
};

export const createLimits = () => ({
  line: limitOf(LINE),
  http: limitOf(HTTP),
  credentials: limitOf(CREDENTIALS),
  bookings: limitOf(BOOKINGS),
  selfTests: limitOf(SELF_TESTS),
});
export type Limits = ReturnType<typeof createLimits>;

/** The most that one message on a line may have; files travel by HTTP. */
export const MAX_MESSAGE_BYTES = 64 * 1024;
/** A line that breaks the protocol this often is closed. */
export const MAX_PROTOCOL_ERRORS = 50;
