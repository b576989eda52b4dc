import type { Config } from "#platform/config.ts";
import { openFolder } from "#platform/storage/folder.ts";
import { openStorage } from "#platform/storage/open-storage.ts";
import type { Storage } from "#platform/storage/storage.ts";

/** Where backups are: in a folder that an option names, otherwise where files are stored. */
export const openBackups = (config: Config, folder: string | undefined): Storage =>
  folder === undefined ? openStorage(config) : openFolder(folder);
