import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { S3Place } from '../kernel/files/index.ts';
import { ConfigError } from './config-error.ts';
import { readS3Url } from './s3-url.ts';

const CHECKOUT = fileURLToPath(new URL('../../../', import.meta.url));

const Tls = z.union([
  z.literal('self-signed'),
  z.literal('by-proxy'),
  z.strictObject({ certFile: z.string().min(1), keyFile: z.string().min(1) }),
]);

/** The configuration file, `openvtm.json`. Every key with its meaning is in docs/running.md. */
const ConfigFile = z.strictObject({
  host: z.string().min(1).default('0.0.0.0'),
  port: z.number().int().min(1).max(65_535).default(8443),
  tls: Tls.default('self-signed'),
  dataDir: z.string().min(1).default('.data/live'),
  databaseUrl: z.string().startsWith('postgres').optional(),
  s3Url: z.string().min(1).optional(),
  trustProxy: z.boolean().default(false),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  metricsToken: z.string().min(16).optional(),
  servicesDir: z.string().min(1).optional(),
  sheetsDir: z.string().min(1).optional(),
  phrasesFile: z.string().min(1).optional(),
  journeyDays: z.number().int().min(1).max(3650).default(180),
  typing: z.enum(['always', 'without-reader']).default('without-reader'),
  cleanSound: z.boolean().default(false),
  background: z
    .strictObject({
      allowed: z.boolean().default(true),
      picture: z
        .string()
        .regex(/\.(png|jpe?g|webp)$/i, 'a file that ends with .png, .jpg, .jpeg or .webp')
        .optional(),
    })
    .prefault({}),
  supervision: z
    .strictObject({
      tellAgent: z.boolean().default(true),
      tellCustomer: z.enum(['consent', 'call', 'no']).default('consent'),
    })
    .prefault({}),
  seal: z.strictObject({ certFile: z.string().min(1), keyFile: z.string().min(1) }).optional(),
  timeStampUrl: z.url().optional(),
  messenger: z.strictObject({ url: z.url(), token: z.string().min(16) }).optional(),
  publicUrl: z
    .url()
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  core: z.strictObject({ url: z.url(), token: z.string().min(16) }).optional(),
  captions: z.strictObject({ url: z.url({ protocol: /^wss?$/ }), token: z.string().min(16) }).optional(),
  cluster: z
    .strictObject({
      name: z.string().regex(/^[A-Za-z0-9._-]{1,60}$/),
      address: z.url({ protocol: /^https?$/ }),
      redisUrl: z.string().startsWith('redis').optional(),
      drainSeconds: z.number().int().min(0).max(3600).default(60),
    })
    .optional(),
  media: z
    .strictObject({
      workers: z.number().int().min(1).max(64).optional(),
      listenIp: z.string().min(1).default('0.0.0.0'),
      announcedAddress: z.string().min(1).optional(),
      basePort: z.number().int().min(1024).max(65_000).default(24_400),
      turn: z
        .strictObject({
          urls: z
            .array(z.string().regex(/^turns?:[^\s]+$/))
            .min(1)
            .max(8),
          secret: z.string().min(16),
          hours: z.number().int().min(1).max(168).default(12),
        })
        .optional(),
    })
    .prefault({}),
});

/** Taken from the environment, over the file. Anything else that begins with OPENVTM_ stops the start. */
const Environment = z.strictObject({
  OPENVTM_CONFIG: z.string().optional(),
  OPENVTM_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  OPENVTM_DATA: z.string().min(1).optional(),
  OPENVTM_SERVICES: z.string().min(1).optional(),
  OPENVTM_SHEETS: z.string().min(1).optional(),
  OPENVTM_PHRASES: z.string().min(1).optional(),
  OPENVTM_PUBLIC_URL: z.url().optional(),
  OPENVTM_METRICS_TOKEN: z.string().min(16).optional(),
  OPENVTM_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).optional(),
  OPENVTM_MEDIA_PORT: z.coerce.number().int().min(1024).max(65_000).optional(),
  OPENVTM_MEDIA_ADDRESS: z.string().min(1).optional(),
  OPENVTM_NODE: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,60}$/)
    .optional(),
  OPENVTM_NODE_ADDRESS: z.url({ protocol: /^https?$/ }).optional(),
  OPENVTM_DRAIN_SECONDS: z.coerce.number().int().min(0).max(3600).optional(),
  OPENVTM_MEDIA_WORKERS: z.coerce.number().int().min(1).max(64).optional(),
  /** Separated by commas. */
  OPENVTM_TURN_URLS: z.string().min(1).optional(),
  OPENVTM_TURN_SECRET: z.string().min(16).optional(),
});

export type Config = {
  demo: boolean;
  host: string;
  port: number;
  /** `by-proxy`: plain HTTP here, for a proxy in front that ends TLS and says who asks; browsers see HTTPS. */
  tls: 'none' | 'by-proxy' | 'self-signed' | { certFile: string; keyFile: string };
  dataDir: string;
  databaseUrl: string | null;
  /** The S3-compatible store that files are kept in; null: the data folder. */
  s3: S3Place | null;
  trustProxy: boolean;
  logLevel: string;
  metricsToken: string | null;
  /** The bank's own service files, beside the shipped ones. */
  servicesDir: string | null;
  /** The bank's own sheets for agents to explain, beside the shipped ones. */
  sheetsDir: string | null;
  /** The bank's own quick phrases, in the place of the shipped ones. */
  phrasesFile: string | null;
  /** For so many days it is kept where customers' ways led. */
  journeyDays: number;
  /** The certificate that papers are sealed with; null: one made in the data folder. */
  seal: { certFile: string; keyFile: string } | null;
  /** The time-stamp authority (RFC 3161); null: papers are sealed without its stamp. */
  timeStampUrl: string | null;
  /** The message service (SMS, e-mail); null: a simulator in demo mode, none else. */
  messenger: { url: string; token: string } | null;
  /** Where customers' phones reach this server, for links in messages; null: where it listens. */
  publicUrl: string | null;
  /** The adapter to the bank's core; null: a simulator in demo mode, none else. */
  core: { url: string; token: string } | null;
  /** The speech service that makes captions; null: a simulator in demo mode, none else. */
  captions: { url: string; token: string } | null;
  /** Whether the noise of the branch is taken out of kiosks’ sound. */
  cleanSound: boolean;
  /** What agents may stand before; `picture`: the bank's own file, null: the shipped one. */
  background: { allowed: boolean; picture: string | null };
  /** Whether agents see who listens, and whether customers are told: where they consent, in the call too, or not. */
  supervision: { tellAgent: boolean; tellCustomer: 'consent' | 'call' | 'no' };
  /** Whether what a card reader reads may be typed too. */
  typing: 'always' | 'without-reader';
  /** Several processes on one database; null: this is the only one. */
  cluster: { name: string; address: string; redisUrl: string; drainSeconds: number } | null;
  media: {
    workers: number;
    listenIp: string;
    announcedAddress: string | null;
    basePort: number;
    turn: { urls: string[]; secret: string; hours: number } | null;
  };
};

export { ConfigError };

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
    sheetsDir: over.OPENVTM_SHEETS ? resolve(over.OPENVTM_SHEETS) : config.sheetsDir,
    phrasesFile: over.OPENVTM_PHRASES ? resolve(over.OPENVTM_PHRASES) : config.phrasesFile,
    databaseUrl: env.DATABASE_URL || config.databaseUrl,
    s3: env.S3_URL ? readS3Url(env.S3_URL, 'S3_URL') : config.s3,
    publicUrl: over.OPENVTM_PUBLIC_URL?.replace(/\/+$/, '') ?? config.publicUrl,
    metricsToken: over.OPENVTM_METRICS_TOKEN ?? config.metricsToken,
    cluster: clusterOf(over, { inFile: config.cluster, redisUrl: env.REDIS_URL }),
    media: {
      ...config.media,
      basePort: over.OPENVTM_MEDIA_PORT ?? config.media.basePort,
      announcedAddress: over.OPENVTM_MEDIA_ADDRESS ?? config.media.announcedAddress,
      workers: over.OPENVTM_MEDIA_WORKERS ?? config.media.workers,
      turn: turnOf(over, config.media.turn),
    },
  };
}

function turnOf(over: z.infer<typeof Environment>, inFile: Config['media']['turn']): Config['media']['turn'] {
  const urls = over.OPENVTM_TURN_URLS?.split(',').map((url) => url.trim());
  const [wrong] = urls?.filter((url) => !/^turns?:[^\s]+$/.test(url)) ?? [];
  if (wrong !== undefined)
    throw new ConfigError(`environment: OPENVTM_TURN_URLS: ${wrong} does not begin with turn: or turns:`);
  const secret = over.OPENVTM_TURN_SECRET ?? inFile?.secret;
  const where = urls ?? inFile?.urls;
  if (where === undefined && secret === undefined) return null;
  if (where === undefined || secret === undefined)
    throw new ConfigError(
      'a TURN server needs its addresses (media.turn.urls or OPENVTM_TURN_URLS) and its secret (media.turn.secret or OPENVTM_TURN_SECRET)',
    );
  return { urls: where, secret, hours: inFile?.hours ?? 12 };
}

/** All of it is needed, or none: half a cluster would be two servers that take each other's customers. */
function clusterOf(
  over: z.infer<typeof Environment>,
  { inFile, redisUrl }: { inFile: Config['cluster']; redisUrl: string | undefined },
): Config['cluster'] {
  const name = over.OPENVTM_NODE ?? inFile?.name;
  const address = over.OPENVTM_NODE_ADDRESS ?? inFile?.address;
  const redis = redisUrl || inFile?.redisUrl;
  if (name === undefined && address === undefined && !redis) return null;
  if (name === undefined || address === undefined || !redis)
    throw new ConfigError(
      'a cluster needs a name (cluster.name or OPENVTM_NODE), an address for the others (cluster.address or OPENVTM_NODE_ADDRESS) and Redis (cluster.redisUrl or REDIS_URL)',
    );
  return { name, address, redisUrl: redis, drainSeconds: over.OPENVTM_DRAIN_SECONDS ?? inFile?.drainSeconds ?? 60 };
}

function demo(): Config {
  return {
    demo: true,
    host: '127.0.0.1',
    port: 4000,
    tls: 'none',
    dataDir: resolve(CHECKOUT, '.data/demo'),
    databaseUrl: null,
    s3: null,
    trustProxy: false,
    logLevel: 'warn',
    metricsToken: null,
    servicesDir: null,
    sheetsDir: null,
    phrasesFile: null,
    journeyDays: 180,
    seal: null,
    timeStampUrl: null,
    messenger: null,
    publicUrl: null,
    core: null,
    captions: null,
    cluster: null,
    cleanSound: false,
    background: { allowed: true, picture: null },
    supervision: { tellAgent: true, tellCustomer: 'consent' },
    typing: 'always',
    media: {
      workers: availableParallelism(),
      listenIp: '127.0.0.1',
      announcedAddress: null,
      basePort: 24_400,
      turn: null,
    },
  };
}

/** A file that is named and not there is found at the start, not in front of a customer. */
function readable(key: string, path: string): string {
  if (!existsSync(path)) throw new ConfigError(`${key} names ${path}, which is not there`);
  return path;
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
  const {
    media,
    databaseUrl,
    s3Url,
    metricsToken,
    servicesDir,
    sheetsDir,
    phrasesFile,
    background,
    core,
    captions,
    cluster,
    seal,
    timeStampUrl,
    messenger,
    publicUrl,
    ...file
  } = read.data;
  const beside = (name: string) => resolve(dirname(path), name);
  return {
    ...file,
    demo: false,
    trustProxy: file.trustProxy || file.tls === 'by-proxy',
    tls:
      typeof file.tls === 'string'
        ? file.tls
        : { certFile: beside(file.tls.certFile), keyFile: beside(file.tls.keyFile) },
    dataDir: beside(file.dataDir),
    databaseUrl: databaseUrl ?? null,
    s3: s3Url ? readS3Url(s3Url, `${path}: s3Url`) : null,
    metricsToken: metricsToken ?? null,
    servicesDir: servicesDir ? beside(servicesDir) : null,
    sheetsDir: sheetsDir ? beside(sheetsDir) : null,
    phrasesFile: phrasesFile ? beside(phrasesFile) : null,
    background: {
      allowed: background.allowed,
      picture: background.picture ? readable('background.picture', beside(background.picture)) : null,
    },
    seal: seal ? { certFile: beside(seal.certFile), keyFile: beside(seal.keyFile) } : null,
    timeStampUrl: timeStampUrl ?? null,
    messenger: messenger ?? null,
    publicUrl: publicUrl ?? null,
    core: core ?? null,
    captions: captions ?? null,
    cluster: cluster ? { ...cluster, redisUrl: cluster.redisUrl ?? '' } : null,
    media: {
      workers: media.workers ?? availableParallelism(),
      listenIp: media.listenIp,
      announcedAddress: media.announcedAddress ?? null,
      basePort: media.basePort,
      turn: media.turn ?? null,
    },
  };
}
