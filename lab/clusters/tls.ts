import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { openssl } from "#lab/install.ts";

/**
 * Lets a cluster encrypt, with a certificate for "localhost" that is signed by itself.
 * @returns the certificate's path; the caller removes it
 */
export async function enableTls(clusterUrl: string, validity?: { days: number }): Promise<string> {
  const { key, certificate } = makeCertificate(mkdtempSync(join(tmpdir(), "prochat-tls-")), validity);
  const client = new pg.Client(clusterUrl);
  await client.connect();
  for (const file of [key, certificate]) await writeInCluster(client, file);
  await client.query("alter system set ssl = on");
  await client.query("select pg_reload_conf()");
  await client.end();
  rmSync(key);
  return certificate;
}

/** Makes a certificate for "localhost" that is signed by itself. @returns the paths */
export function makeCertificate(folder: string, { days = 36_500 } = {}): { key: string; certificate: string } {
  const [key, certificate] = [join(folder, "server.key"), join(folder, "server.crt")];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", String(days)];
  const files = ["-keyout", key, "-out", certificate];
  execFileSync(openssl.path, ["req", "-x509", "-newkey", "rsa:2048", "-nodes", ...subject, ...files], {
    stdio: "ignore",
  });
  return { key, certificate };
}

/** Writes a copy into the cluster's folder, as its user and for its user. */
async function writeInCluster(client: pg.Client, file: string) {
  const name = file.split("/").at(-1);
  const lines = client.escapeLiteral(readFileSync(file, "utf8").trim());
  await client.query(
    `copy (select unnest(string_to_array(${lines}, chr(10)))) to program 'umask 077 && cat > ${name}'`,
  );
}
