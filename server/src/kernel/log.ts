import { pino, type DestinationStream, type Logger } from 'pino';

export type Log = Logger;

/**
 * Structured logs, on stdout unless `to` is given. What could hold personal data has a type that prints `[secret]`;
 * known names are censored as well.
 */
export function createLog(options: { level: string; to?: DestinationStream }): Log {
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      serializers: { err: briefError },
      redact: {
        paths: ['*.password', '*.token', '*.authorization', '*.cookie', '*.value', '*.values', '*.summary', '*.note'],
        censor: '[secret]',
      },
    },
    options.to ?? pino.destination(1),
  );
}

/** What finds the cause of an error; a database's error also quotes rows and drags its whole connection along. */
function briefError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  const cause = error.cause === undefined ? {} : { cause: briefError(error.cause) };
  return { type: error.name, ...code, message: error.message, stack: error.stack, ...cause };
}
