import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const CHECKOUT = fileURLToPath(new URL('../../../', import.meta.url));

const Tls = z.union([
  z.literal('self-signed'),
  z.strictObject({ certFile: z.string().min(1), keyFile: z.string().min(1) }),
]);

/** The configuration file, `openvtm.json`. Every key with its meaning is in docs/running.md. */
const ConfigFile = z.strictObject({
  host: z.string().min(1).default('0.0.0.0'),
  port: z.number().int().min(1).max(65_535).default(8443),
  tls: Tls.default('self-signed'),
  dataDir: z.string().min(1).default('.data/live'),
  databaseUrl: z.string().startsWith('postgres').optional(),
  trustProxy: z.boolean().default(false),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  metricsToken: z.string().min(16).optional(),
  servicesDir: z.string().min(1).optional(),
  journeyDays: z.number().int().min(1).max(3650).default(180),
  typing: z.enum(['always', 'without-reader']).default('without-reader'),
  core: z.strictObject({ url: z.url(), token: z.string().min(16) }).optional(),
  media: z
    .strictObject({
      workers: z.number().int().min(1).max(64).optional(),
      listenIp: z.string().min(1).default('0.0.0.0'),
      announcedAddress: z.string().min(1).optional(),
      basePort: z.number().int().min(1024).max(65_000).default(24_400),
    })
    .prefault({}),
});

/** Taken from the environment, over the file. Anything else that begins with OPENVTM_ stops the start. */
const Environment = z.strictObject({
  OPENVTM_CONFIG: z.string().optional(),
  OPENVTM_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  OPENVTM_DATA: z.string().min(1).optional(),
  OPENVTM_SERVICES: z.string().min(1).optional(),
  OPENVTM_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).optional(),
  OPENVTM_MEDIA_PORT: z.coerce.number().int().min(1024).max(65_000).optional(),
  OPENVTM_MEDIA_ADDRESS: z.string().min(1).optional(),
  OPENVTM_MEDIA_WORKERS: z.coerce.number().int().min(1).max(64).optional(),
});

export type Config = {
  demo: boolean;
  host: string;
  port: number;
  tls: 'none' | 'self-signed' | { certFile: string; keyFile: string };
  dataDir: string;
  databaseUrl: string | null;
  trustProxy: boolean;
  logLevel: string;
  metricsToken: string | null;
  /** The bank's own service files, beside the shipped ones. */
  servicesDir: string | null;
  /** For so many days it is kept where customers' ways led. */
  journeyDays: number;
  /** The adapter to the bank's core; null: a simulator in demo mode, none else. */
  core: { url: string; token: string } | null;
  /** Whether what a card reader reads may be typed too. */
  typing: 'always' | 'without-reader';
  media: { workers: number; listenIp: string; announcedAddress: string | null; basePort: number };
};

/** A mistake in the configuration, said so that the person who made it can mend it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const explain = (where: string, error: z.ZodError): ConfigError => {
  const lines = error.issues.map((issue) =>
    issue.code === 'unrecognized_keys'
      ? `unknown key ${[...issue.path, issue.keys.join(', ')].join('.')}`
      : `${issue.path.join('.') || 'the whole'}: ${issue.message}`,
  );
  return new ConfigError(`${where}: ${lines.join('; ')}`);
};

/**
 * Reads the configuration once. Without a file it is demo mode: loopback only, plain HTTP, seeded data in a folder of
 * its own. Throws `ConfigError` with the name of the key.
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const ours = Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith('OPENVTM_')));
  const read = Environment.safeParse(ours);
  if (!read.success) throw explain('environment', read.error);
  const over = read.data;

  const path = resolve(CHECKOUT, over.OPENVTM_CONFIG ?? 'openvtm.json');
  if (over.OPENVTM_CONFIG && !existsSync(path))
    throw new ConfigError(`OPENVTM_CONFIG names ${path}, which is not there`);
  const config = existsSync(path) ? fromFile(path) : demo();

  return {
    ...config,
    port: over.OPENVTM_PORT ?? config.port,
    dataDir: over.OPENVTM_DATA ? resolve(over.OPENVTM_DATA) : config.dataDir,
    logLevel: over.OPENVTM_LOG_LEVEL ?? config.logLevel,
    servicesDir: over.OPENVTM_SERVICES ? resolve(over.OPENVTM_SERVICES) : config.servicesDir,
    databaseUrl: env.DATABASE_URL || config.databaseUrl,
    media: {
      ...config.media,
      basePort: over.OPENVTM_MEDIA_PORT ?? config.media.basePort,
      announcedAddress: over.OPENVTM_MEDIA_ADDRESS ?? config.media.announcedAddress,
      workers: over.OPENVTM_MEDIA_WORKERS ?? config.media.workers,
    },
  };
}

function demo(): Config {
  return {
    demo: true,
    host: '127.0.0.1',
    port: 4000,
    tls: 'none',
    dataDir: resolve(CHECKOUT, '.data/demo'),
    databaseUrl: null,
    trustProxy: false,
    logLevel: 'warn',
    metricsToken: null,
    servicesDir: null,
    journeyDays: 180,
    core: null,
    typing: 'always',
    media: { workers: availableParallelism(), listenIp: '127.0.0.1', announcedAddress: null, basePort: 24_400 },
  };
}

function fromFile(path: string): Config {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ConfigError(`${path}: not JSON: ${(error as Error).message}`);
  }
  const read = ConfigFile.safeParse(json);
  if (!read.success) throw explain(path, read.error);
  const { media, databaseUrl, metricsToken, servicesDir, core, ...file } = read.data;
  const beside = (name: string) => resolve(dirname(path), name);
  return {
    ...file,
    demo: false,
    tls:
      typeof file.tls === 'string'
        ? file.tls
        : { certFile: beside(file.tls.certFile), keyFile: beside(file.tls.keyFile) },
    dataDir: beside(file.dataDir),
    databaseUrl: databaseUrl ?? null,
    metricsToken: metricsToken ?? null,
    servicesDir: servicesDir ? beside(servicesDir) : null,
    core: core ?? null,
    media: {
      workers: media.workers ?? availableParallelism(),
      listenIp: media.listenIp,
      announcedAddress: media.announcedAddress ?? null,
      basePort: media.basePort,
    },
  };
}
