import type { S3Place } from '../kernel/files/index.ts';
import { Secret } from '../kernel/secret.ts';
import { ConfigError } from './config-error.ts';

const FORM = 'https://KEY:SECRET@HOST:PORT/BUCKET?region=REGION';

/** Takes apart the address of an S3-compatible store; what is wrong is said without the secret. Without `region`: us-east-1. */
export function readS3Url(text: string, where: string): S3Place {
  const wrong = (why: string) => new ConfigError(`${where}: ${why}; it looks like ${FORM}`);
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) throw wrong('not an address that begins with https:// or http://');
  if (!url.username || !url.password)
    throw wrong('no key or no secret before the host (characters such as / or + in them are written %2F, %2B)');
  const [, bucket, more] = /^\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(\/.*)?$/.exec(url.pathname.replace(/\/$/, '')) ?? [];
  if (!bucket || more) throw wrong('one bucket after the host, and nothing behind it');
  const { region = 'us-east-1', ...unknown } = Object.fromEntries(url.searchParams);
  if (!region || Object.keys(unknown).length > 0 || url.hash) throw wrong('after the ? only region=… is known');
  return {
    endpoint: url.origin,
    bucket,
    region,
    accessKey: decodeURIComponent(url.username),
    secretKey: new Secret(decodeURIComponent(url.password)),
  };
}
