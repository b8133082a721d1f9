import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type * as Aws from '@aws-sdk/client-s3';
import { Refusal } from '../errors.ts';
import type { Secret } from '../secret.ts';
import { FileMissing, FilesAway, FileStoreUnusable, type FileStore, type FileStores } from './store.ts';

/** A bucket of an S3-compatible store. */
export type S3Place = { endpoint: string; bucket: string; region: string; accessKey: string; secretKey: Secret };

/** A file has some megabytes and the store is near: what takes longer than this, all tries together, is away (ms). */
const ANSWER_MS = 6_000;
const CONNECT_MS = 2_000;
const TRIES = 3;
/** After a failure nobody waits for the store again for so long, or those who wait would hold all of the database's connections (ms). */
const REST_MS = 2_000;
const LOOK_MS = 5_000;
/** Names in one answer; the most that S3 gives. */
const LISTED = 1_000;
/** How stores say that there is no room: S3's own, MinIO's, Ceph's. */
const FULL = new Set(['InsufficientStorage', 'XMinioStorageFull', 'XMinioAdminBucketQuotaExceeded', 'QuotaExceeded']);

type Trouble = { code: string; status: number | undefined; message: string };

/** Files as objects `documents/<name>` and `papers/<name>`. Throws FileStoreUnusable where they can't be read and written. */
export async function openS3Stores(place: S3Place): Promise<FileStores> {
  // Loaded only where it is used: it takes 34 MB.
  const sdk = await import('@aws-sdk/client-s3');
  const { bucket: Bucket, endpoint } = place;
  const client = new sdk.S3Client({
    endpoint,
    region: place.region,
    credentials: { accessKeyId: place.accessKey, secretAccessKey: place.secretKey.open() },
    forcePathStyle: true,
    maxAttempts: TRIES,
    // Other makes than Amazon's do not know the newer checksums; what is stored is authenticated by its encryption.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: CONNECT_MS },
  });
  let storeAheadMs = 0;
  followClock(client, (ahead) => (storeAheadMs = ahead));
  let restsUntil = 0;
  let isFull = false;

  /** One use of the store; `job` gets the signal that ends it. */
  const use = async <T>(job: (options: { abortSignal: AbortSignal }) => Promise<T>): Promise<T> => {
    if (performance.now() < restsUntil) throw new FilesAway('the store did not answer a moment ago');
    const abortSignal = AbortSignal.timeout(ANSWER_MS);
    try {
      return await job({ abortSignal });
    } catch (error) {
      const trouble = troubleOf(error, abortSignal.aborted);
      if (FULL.has(trouble.code) || trouble.status === 507)
        throw new Refusal('storage-full', `no room in the store: ${trouble.code}`);
      if (trouble.code === 'NoSuchKey') throw new FileMissing(`the store does not have it: ${trouble.message}`);
      restsUntil = performance.now() + REST_MS;
      throw new FilesAway(`the store at ${endpoint}: ${trouble.code} ${trouble.message}`);
    }
  };

  const storeOf = (kind: string): FileStore => {
    const keyOf = (name: string) => `${kind}/${name}`;
    let listedTo = '';
    return {
      async put(name, Body) {
        try {
          await use((options) => client.send(new sdk.PutObjectCommand({ Bucket, Key: keyOf(name), Body }), options));
          isFull = false;
        } catch (error) {
          isFull = error instanceof Refusal;
          throw error;
        }
      },
      get: (name) =>
        use(async (options) => {
          const { Body } = await client.send(new sdk.GetObjectCommand({ Bucket, Key: keyOf(name) }), options);
          if (!Body) throw new Error('an answer without a body');
          // The signal ends the request only until the answer begins.
          options.abortSignal.addEventListener('abort', () => (Body as Readable).destroy(new Error('too slow')));
          return Body.transformToByteArray();
        }),
      async older(ageMs) {
        const wish = { Bucket, Prefix: `${kind}/`, MaxKeys: LISTED, ...(listedTo ? { StartAfter: listedTo } : {}) };
        const { Contents = [], IsTruncated } = await use((options) =>
          client.send(new sdk.ListObjectsV2Command(wish), options),
        );
        listedTo = (IsTruncated && Contents.at(-1)?.Key) || '';
        const before = Date.now() + storeAheadMs - ageMs;
        return Contents.flatMap(({ Key, LastModified }) =>
          Key && LastModified && LastModified.getTime() < before ? [Key.slice(kind.length + 1)] : [],
        );
      },
      remove: async (name) =>
        void (await use((options) => client.send(new sdk.DeleteObjectCommand({ Bucket, Key: keyOf(name) }), options))),
    };
  };

  await tryOut(place, client, sdk).catch((error: unknown) => {
    client.destroy();
    throw error;
  });
  let looked: { at: number; isThere: Promise<boolean> } | null = null;
  const look = () =>
    use((options) => client.send(new sdk.HeadBucketCommand({ Bucket }), options)).then(
      () => true,
      () => false,
    );
  return {
    of: storeOf,
    async state() {
      if (!looked || performance.now() - looked.at > LOOK_MS) looked = { at: performance.now(), isThere: look() };
      if (!(await looked.isThere)) return 'away';
      return isFull ? 'full' : 'well';
    },
    close: () => client.destroy(),
  };
}

/** How far the store's clock is ahead of this one (ms), from the date of each of its answers. */
function followClock(client: Aws.S3Client, told: (aheadMs: number) => void): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      const { headers } = answer.response as { headers?: Record<string, string> };
      const at = Date.parse(headers?.['date'] ?? '');
      if (!Number.isNaN(at)) told(at - Date.now());
      return answer;
    },
    { step: 'deserialize', name: 'followClock' },
  );
}

/** Reads and writes once, so that what is wrong is said at the start and not at the first customer's picture. */
async function tryOut(
  { bucket: Bucket, endpoint, region, accessKey }: S3Place,
  client: Aws.S3Client,
  sdk: typeof Aws,
): Promise<void> {
  const attempt = async (job: (options: { abortSignal: AbortSignal }) => Promise<unknown>) => {
    const abortSignal = AbortSignal.timeout(ANSWER_MS);
    return job({ abortSignal }).then(
      () => null,
      (error: unknown) => troubleOf(error, abortSignal.aborted),
    );
  };
  const refuse = (why: string) => {
    throw new FileStoreUnusable(`${why} S3_URL says where files are kept.`);
  };
  // A listing, because its answer says what is wrong; that of HEAD has no body.
  const read = await attempt((options) => client.send(new sdk.ListObjectsV2Command({ Bucket, MaxKeys: 1 }), options));
  if (read?.code === 'NoSuchBucket')
    refuse(`There is no bucket ${Bucket} in the file store at ${endpoint}. Make it there; the server makes none.`);
  if (read?.code === 'InvalidAccessKeyId') refuse(`The file store at ${endpoint} does not know the key ${accessKey}.`);
  if (read?.code === 'SignatureDoesNotMatch')
    refuse(`The file store at ${endpoint} says that the secret of the key ${accessKey} is wrong.`);
  if (read?.status === 301 || read?.code === 'AuthorizationHeaderMalformed')
    refuse(`The bucket ${Bucket} is not in the region ${region}; add ?region=… to its address.`);
  if (read?.status === 403)
    refuse(`The key ${accessKey} may not list the bucket ${Bucket} at ${endpoint} (${read.code}).`);
  if (read) refuse(`The file store at ${endpoint} can't be used: ${read.code} ${read.message}.`);
  const Key = `probe/${randomUUID()}`;
  const wrote =
    (await attempt((options) => client.send(new sdk.PutObjectCommand({ Bucket, Key, Body: 'openvtm' }), options))) ??
    (await attempt((options) => client.send(new sdk.GetObjectCommand({ Bucket, Key }), options))) ??
    (await attempt((options) => client.send(new sdk.DeleteObjectCommand({ Bucket, Key }), options)));
  if (wrote && !FULL.has(wrote.code) && wrote.status !== 507)
    refuse(
      `The key ${accessKey} may not write, read and delete in the bucket ${Bucket} at ${endpoint} (${wrote.code}).`,
    );
}

/** What the store, or the way to it, says; never a header or an address with its key. */
function troubleOf(error: unknown, late: boolean): Trouble {
  if (late) return { code: 'TimedOut', status: undefined, message: `no answer within ${ANSWER_MS} ms` };
  if (!(error instanceof Error)) return { code: 'Unknown', status: undefined, message: '' };
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return { code, status: $metadata?.httpStatusCode, message: error.message };
}
