import type { RequestHandler } from 'express';
import { ProtocolError } from '../../kernel/errors.ts';
import type { Limit } from '../limits.ts';

/** Refuses with `too-fast` what one address asks too often. */
export const limitBy =
  (limit: Limit, use: string): RequestHandler =>
  async (request, _response, next) => {
    if (!(await limit.take(`${use} ${request.ip}`))) throw new ProtocolError('too-fast', 'asked too often');
    next();
  };
