import type { From, In, KioskKind, Out, RequestName, requests, StaffRole } from '@openvtm/protocol';
import type { Work } from './work.ts';

/** The far end of an authenticated line. `subject` is unique over all kinds: `kiosk:<id>` or `staff:<id>`. */
export type Caller =
  | { kind: 'kiosk'; id: string; subject: string; branchId: string; device: KioskKind; sessionId: string }
  | { kind: 'staff'; id: string; subject: string; branchId: string; sessionId: string; roles: readonly StaffRole[] };

export type KioskCaller = Extract<Caller, { kind: 'kiosk' }>;
export type StaffCaller = Extract<Caller, { kind: 'staff' }>;

/** Only those callers that the protocol lets ask; the dispatcher has seen to it. */
export type CallerOf<N extends RequestName> =
  From<N> extends 'kiosk' ? KioskCaller : 'kiosk' extends From<N> ? Caller : StaffCaller;

type Changes<N extends RequestName> = (typeof requests)[N]['changes'];

/** What a handler is given: the caller, and the unit of work when the request changes something. */
export type Ask<N extends RequestName> =
  Changes<N> extends true ? { caller: CallerOf<N>; work: Work } : { caller: CallerOf<N> };
export type Handler<N extends RequestName> = (ask: Ask<N>, data: In<N>) => Promise<Out<N>>;
export type Handlers = { [N in RequestName]: Handler<N> };

type UnionToIntersection<U> = (U extends unknown ? (u: U) => void : never) extends (i: infer I) => void ? I : never;

/** Puts the parts together; two answers to one question is a mistake, so it stops the start. */
export function combine<T extends Partial<Handlers>[]>(...parts: T): UnionToIntersection<T[number]> {
  const all: Record<string, unknown> = {};
  for (const part of parts) {
    for (const [name, handler] of Object.entries(part)) {
      if (Object.hasOwn(all, name)) throw new Error(`two handlers for ${name}`);
      all[name] = handler;
    }
  }
  return all as UnionToIntersection<T[number]>;
}
