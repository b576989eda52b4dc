import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { WalCipher } from "#database/backup/wal/cipher.ts";
import { AppError } from "#protocol/errors.ts";

/** Loaded when a backup is encrypted: it is 60 modules. */
const age = () => import("age-encryption");

/** The keys of BACKUP_KEY, in the format of age (https://age-encryption.org): Debian's `age` opens what we encrypt. */
export type BackupKeys = {
  /** public keys, age1…: a backup is encrypted for them. Empty: backups are not encrypted */
  recipients: string[];
  /** secret keys, AGE-SECRET-KEY-1…: they open backups */
  identities: string[];
};

/**
 * @param text  keys, joined by commas; a secret key stands for its public key too
 * @throws AppError "config_invalid", without the key
 */
export async function readBackupKeys(text: string | null): Promise<BackupKeys> {
  const keys = (text ?? "").split(/[\s,]+/).filter(Boolean);
  if (keys.length === 0) return { identities: [], recipients: [] };
  const { Encrypter, identityToRecipient } = await age();
  const identities = keys.filter(key => key.startsWith("AGE-SECRET-KEY-"));
  const recipients = keys.filter(key => !identities.includes(key));
  try {
    for (const recipient of recipients) new Encrypter().addRecipient(recipient);
    const derived = await Promise.all(identities.map(identity => identityToRecipient(identity)));
    return { identities, recipients: [...new Set([...recipients, ...derived])] };
  } catch (cause) {
    throw new AppError(
      "config_invalid",
      "BACKUP_KEY has a part that is no key. Expected: age1… or AGE-SECRET-KEY-1…, joined by commas; prochat backup key makes one.",
      { cause },
    );
  }
}

export async function makeBackupKey(): Promise<{ identity: string; recipient: string }> {
  const { generateX25519Identity, identityToRecipient } = await age();
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

export async function encrypt(body: Readable, recipients: string[]): Promise<Readable> {
  const encrypter = new (await age()).Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return Readable.fromWeb(await encrypter.encrypt(Readable.toWeb(body)));
}

/** @throws AppError "backup_failed" if none of the keys opens it; the stream fails if a part was changed or cut off */
export async function decrypt(body: Readable, identities: string[]): Promise<Readable> {
  if (identities.length === 0) {
    throw new AppError(
      "backup_failed",
      "The backup is encrypted. Set BACKUP_KEY to its secret key, AGE-SECRET-KEY-1….",
    );
  }
  const decrypter = new (await age()).Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  try {
    return Readable.fromWeb(await decrypter.decrypt(Readable.toWeb(body)));
  } catch (cause) {
    body.destroy();
    if (!/no identity matched/.test((cause as Error).message)) throw cause;
    throw new AppError(
      "backup_failed",
      "The key in BACKUP_KEY does not open the backup. Set the key that it was made for.",
      {
        cause,
      },
    );
  }
}

/** For what is packed in memory, such as WAL. */
export const createCipher = ({ recipients, identities }: BackupKeys): WalCipher => ({
  encrypt: async plain => buffer(await encrypt(Readable.from([plain]), recipients)),
  decrypt: async packed => buffer(await decrypt(Readable.from([packed]), identities)),
});
