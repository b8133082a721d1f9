/** A mistake in the configuration, said so that the person who made it can mend it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
