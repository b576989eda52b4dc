import type { S3mini } from "s3mini";
import { type Attempt, isStatus } from "./bucket-errors.ts";
import type { EarlierVersion } from "./storage.ts";

/** The versions of one object. A store that knows none answers with what it has, or with an error that says so. */
export async function listVersions(bucket: S3mini, name: string) {
  try {
    return (await bucket.listObjectVersions(name)) ?? [];
  } catch (error) {
    if (!isStatus(error, 501) && !isStatus(error, 405)) throw error;
    return ((await bucket.listObjects("/", name)) ?? []).filter(({ Key }) => Key === name);
  }
}

type Version = Awaited<ReturnType<typeof listVersions>>[number];
type Place = { bucket: S3mini; prefix: string; pageSize: number; attempt: Attempt };

/**
 * The earlier versions of all objects. It goes on after the last key of a page, whose versions it asks for by themselves: in
 * Swift the marker of a version, in the middle of a key, leads to an empty page.
 */
export async function* listEarlierVersions(place: Place): AsyncGenerator<EarlierVersion> {
  const { bucket, prefix, pageSize, attempt } = place;
  if (!(await attempt(async () => (await bucket.getBucketVersioning()) !== "Off"))) return;
  for (let after = ""; ; ) {
    const from = { versions: true, ...(after && { "key-marker": after }) };
    const page = await attempt(() => bucket.listObjectsPaged("/", prefix, pageSize, undefined, from));
    const listed = page?.objects ?? [];
    const last = page?.nextContinuationToken
      ? listed
          .map(({ Key }) => Key)
          .sort()
          .at(-1)!
      : null;
    yield* listed.filter(({ Key }) => Key !== last).flatMap(version => asEarlier(version, prefix));
    if (last === null) return;
    yield* (await attempt(() => listVersions(bucket, last))).flatMap(version => asEarlier(version, prefix));
    after = last;
  }
}

function asEarlier({ Key, Size, LastModified, ...version }: Version, prefix: string): EarlierVersion[] {
  if (version.IsLatest || version.IsDeleteMarker || !version.VersionId) return [];
  return [{ key: Key.slice(prefix.length), sizeBytes: Size, modifiedAt: LastModified, versionId: version.VersionId }];
}
