import type { z } from 'zod';
import type { Role } from './roles.ts';

/** Where a line must be for a request to be taken: `open` = authenticated, `ready` = it has its snapshot. */
export type Stage = 'open' | 'ready';

type RequestShape = {
  from: readonly Role[];
  stage: Stage;
  /** true: it changes something; runs in one transaction and its answer is kept under the request's id. */
  changes: boolean;
  in: z.ZodType;
  out: z.ZodType;
};

/** A question that a client asks and the server must answer. Undeclared fields are stripped on the way in and out. */
export const request = <const D extends RequestShape>(definition: D): D => definition;

/** A fact that the server tells; nobody answers. */
export const notice = <const D extends { to: readonly Role[]; data: z.ZodType }>(definition: D): D => definition;
