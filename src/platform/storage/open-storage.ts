import type { Config } from "#platform/config.ts";
import { openBucket } from "./bucket.ts";
import { openFolder } from "./folder.ts";
import type { Storage } from "./storage.ts";

/** Opens where files, exports and backups are kept. Nothing is asked or made before the first verb. */
export const openStorage = ({ filesDir, s3 }: Pick<Config, "filesDir" | "s3">): Storage =>
  s3 ? openBucket(s3) : openFolder(filesDir);
