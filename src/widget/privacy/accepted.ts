import { areaOf, openStorage } from "#client/storage.ts";

/** Which notice was accepted in this browser. Its name is not one of those by which the app finds an earlier thread. */
export const openAccepted = (websiteKey: string) => {
  const entry = openStorage(areaOf("localStorage"), `prochat-notice:${websiteKey}`);
  return { get: () => entry.get(""), set: (notice: string | null) => entry.set("", notice) };
};
