import type { Config } from "#platform/config.ts";
import { openFolder } from "./folder.ts";
import type { Storage } from "./storage.ts";

/** Opens where files, exports and backups are kept. Nothing is asked or made before the first verb. */
export const openStorage = ({ filesDir }: Pick<Config, "filesDir">): Storage => openFolder(filesDir);
