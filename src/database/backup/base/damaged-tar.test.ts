import { packTar } from "modern-tar";
import { expect, test } from "vitest";
import { type ListedBackup, listBackups, type Repository } from "#database/backup/repository.ts";
import { unpackBackup } from "#database/backup/restore/unpack.ts";
import { storeBackup } from "#lab/backups/stored-backup.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { openFolder } from "#platform/storage/folder.ts";
import { verifyBackup } from "./verify.ts";

/** A bit that is met by the reader of the tar, before the end of the stream says that its bytes have changed. */

async function storeTar(change: (tar: Buffer) => Buffer): Promise<ListedBackup> {
  const entries = ["base/1/1", "base/1/2"].map(name => ({ header: { name, size: 5 }, body: "hello" }));
  const tar = Buffer.from(await packTar(entries));
  const repository: Repository = { storage: openFolder(makeFolder()), name: "7300000000000000001" };
  const body = change(tar).toString("latin1");
  await storeBackup(repository, { id: "20261129T020000Z", startedAt: new Date(), body, manifest: { kind: "logical" } });
  const [backup] = (await listBackups(repository)).backups;
  return backup!;
}

test.each([
  ["a whole tar", (tar: Buffer) => tar, null],
  [
    "a flipped bit in the name of its second file",
    (tar: Buffer) => tar.fill(tar[1027]! ^ 4, 1027, 1028),
    /damaged: Invalid tar header/,
  ],
  ["a tail that is cut", (tar: Buffer) => tar.subarray(0, 1100), /is damaged: /],
])("%s: verify and restore say the same", async (_what, change, reason) => {
  const backup = await storeTar(change);
  const verification = await verifyBackup(backup, { identities: [] });
  const unpacked = unpackBackup(backup, { folder: makeFolder(), identities: [] });
  if (reason === null) {
    expect(verification.outcome).toBe("verified");
    await unpacked;
    return;
  }
  expect(verification).toMatchObject({ outcome: "failed", reason: expect.stringMatching(reason) });
  await expect(unpacked).rejects.toMatchObject({ code: "backup_damaged", message: expect.stringMatching(reason) });
});
