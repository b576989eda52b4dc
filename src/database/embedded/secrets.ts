import { randomBytes } from "node:crypto";
import { open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { unusable } from "./folder-errors.ts";

export type Secrets = {
  /** 32 random bytes, base64url: signs and encrypts sessions and tokens */
  secret: string;
  /** of the embedded PostgreSQL */
  databasePassword: string;
};

/**
 * Reads the secrets, and creates them on the first start: readable for their owner only, and never half written.
 * @throws AppError "data_folder_unusable" if the file is damaged; it is never replaced
 */
export async function openSecrets(path: string): Promise<Secrets> {
  return (await findSecrets(path)) ?? createSecrets(path);
}

export async function findSecrets(path: string): Promise<Secrets | null> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  return text === null ? null : parseSecrets(path, text);
}

async function createSecrets(path: string): Promise<Secrets> {
  const secrets = { secret: randomSecret(), databasePassword: randomSecret() };
  const file = await open(`${path}.new`, "w", 0o600);
  try {
    await file.writeFile(`${JSON.stringify(secrets, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  return secrets;
}

const randomSecret = () => randomBytes(32).toString("base64url");

function parseSecrets(path: string, text: string): Secrets {
  try {
    const { secret, databasePassword } = JSON.parse(text);
    if (typeof secret === "string" && typeof databasePassword === "string") return { secret, databasePassword };
  } catch (cause) {
    throw damaged(path, cause);
  }
  throw damaged(path);
}

const damaged = (path: string, cause?: unknown) =>
  unusable(dirname(path), "has a damaged secrets.json. Restore it from your last backup.", cause);
