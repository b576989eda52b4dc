import { S3mini } from "s3mini";
import { downloadObject } from "./bucket-download.ts";
import { createAttempts, isMissingObject, isStatus, storageError } from "./bucket-errors.ts";
import { uploadObject } from "./bucket-upload.ts";
import { listEarlierVersions, listVersions } from "./bucket-versions.ts";
import { requireKey, requirePrefix } from "./keys.ts";
import type { Storage, StoredObject } from "./storage.ts";

export type BucketOptions = {
  /** with http:// or https://, without the bucket */
  endpoint: string;
  bucket: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** before each key: "" or a path that ends with a slash */
  prefix: string;
  /** before the first repetition; it doubles with each */
  pauseMs?: number;
  /** objects that one request lists */
  pageSize?: number;
};

/** A whole answer, or a part of up to 16 MB over a slow line. A download has its own limits: see bucket-download.ts. */
const requestMs = 300_000;

/** Objects in a bucket of an S3-compatible store, addressed by path (https://store/bucket/key). */
export function openBucket({ prefix, pauseMs = 200, pageSize = 1_000, ...options }: BucketOptions): Storage {
  const address = { ...options, endpoint: `${options.endpoint}/${options.bucket}` };
  const bucket = new S3mini({ ...address, requestAbortTimeout: requestMs });
  const description = `the bucket ${options.bucket} at ${options.endpoint}`;
  const attempt = createAttempts(description, pauseMs);
  const storeKey = (key: string) => {
    requireKey(key);
    return prefix + key;
  };

  async function head(key: string): Promise<StoredObject | null> {
    const name = storeKey(key);
    return attempt(async () => {
      // Its first byte: the library's own HEAD gives the length only.
      const answer = await bucket.getObjectRaw(name, false, 0, 1).catch(error => {
        if (isMissingObject(error)) return null;
        if (isStatus(error, 416)) return "empty" as const;
        throw error;
      });
      if (answer === null) return null;
      if (answer === "empty") return { key, ...(await describeEmpty(bucket, name)) };
      await answer.body?.cancel();
      const total = /\/(\d+)$/.exec(answer.headers.get("content-range") ?? "")?.[1];
      return {
        key,
        sizeBytes: Number(total ?? answer.headers.get("content-length")),
        modifiedAt: new Date(answer.headers.get("last-modified") ?? 0),
      };
    });
  }

  async function* list(start: string): AsyncGenerator<StoredObject> {
    let token: string | undefined;
    do {
      const page = await attempt(() => bucket.listObjectsPaged("/", prefix + start, pageSize, token));
      if (!page) throw storageError(description, "there is no such bucket. Create it, or correct S3_BUCKET.");
      for (const { Key, Size, LastModified } of page.objects ?? []) {
        yield { key: Key.slice(prefix.length), sizeBytes: Size, modifiedAt: LastModified };
      }
      token = page.nextContinuationToken;
    } while (token);
  }

  const remove = (name: string, versionId?: string) =>
    attempt(async () => {
      const target = versionId ? { key: name, versionId } : name;
      await bucket.deleteObject(target).catch(error => {
        if (!isMissingObject(error)) throw error;
      });
    });

  return {
    description,
    async put(key, body) {
      const name = storeKey(key);
      const written = await uploadObject(bucket, name, body, { attempt, description });
      const stored = await head(key);
      if (stored?.sizeBytes === written.sizeBytes) return written;
      throw storageError(description, `it holds ${stored?.sizeBytes ?? 0} of ${written.sizeBytes} bytes of ${key}.`);
    },
    async get(key, range, versionId) {
      return downloadObject(new S3mini(address), storeKey(key), { ...range, versionId }, { attempt, description });
    },
    head,
    list(start) {
      requirePrefix(start);
      return list(start);
    },
    delete: async key => remove(storeKey(key)),
    async deleteAllVersions(key) {
      const name = storeKey(key);
      await abortUploads(bucket, name, attempt);
      const versions = await attempt(() => listVersions(bucket, name));
      for (const { VersionId } of versions) await remove(name, VersionId);
      return versions.filter(version => !version.IsDeleteMarker).length;
    },
    listEarlierVersions: () => listEarlierVersions({ bucket, prefix, pageSize, attempt }),
    keepsVersions: () => attempt(async () => (await bucket.getBucketVersioning()) !== "Off"),
  };
}

async function describeEmpty(bucket: S3mini, name: string): Promise<Omit<StoredObject, "key">> {
  const answer = await bucket.getObjectRaw(name);
  await answer.body?.cancel();
  return { sizeBytes: 0, modifiedAt: new Date(answer.headers.get("last-modified") ?? 0) };
}

type Uploads = { ListMultipartUploadsResult?: { Upload?: Upload | Upload[] } };
type Upload = { Key: string; UploadId: string };

/** What a killed process has uploaded of the object: a store keeps such parts, and does not list them. */
async function abortUploads(bucket: S3mini, name: string, attempt: ReturnType<typeof createAttempts>): Promise<void> {
  const answer = (await attempt(() =>
    bucket.listMultipartUploads("/", "", "GET", { prefix: name }).catch(error => {
      if (isStatus(error, 501) || isStatus(error, 405)) return {};
      throw error;
    }),
  )) as Uploads;
  const uploads = [answer.ListMultipartUploadsResult?.Upload ?? []].flat();
  for (const { Key, UploadId } of uploads) {
    if (Key === name) await attempt(() => bucket.abortMultipartUpload(name, UploadId));
  }
}
