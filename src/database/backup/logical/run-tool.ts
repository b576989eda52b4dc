import { spawn } from "node:child_process";
import { once } from "node:events";
import type { ClientTool } from "./client-tools.ts";

/** What libpq understands of a connection URL. The others are for the driver. */
const libpqParams = ["sslmode", "sslrootcert", "sslcert", "sslkey", "options", "host"];

/**
 * Runs pg_dump or pg_restore to its end.
 * @param p.url   of the database; the password goes through the environment, so that no list of processes shows it
 * @returns the reason of a failure, in PostgreSQL's words; null if it succeeded
 */
export async function runTool(
  tool: ClientTool,
  args: string[],
  p: { url: string | null; signal?: AbortSignal | undefined },
): Promise<{ output: string; failure: string | null }> {
  const child = spawn(tool.path, [...(p.url ? [`--dbname=${withoutPassword(p.url)}`] : []), ...args], {
    env: {
      PATH: "/usr/local/bin:/usr/bin:/bin",
      LC_ALL: "C",
      PGAPPNAME: "prochat backup",
      PGCONNECT_TIMEOUT: "10",
      ...(p.url && { PGPASSWORD: decodeURIComponent(new URL(p.url).password) }),
    },
    stdio: ["ignore", "pipe", "pipe"],
    ...(p.signal && { signal: p.signal }),
  });
  const end = () => void child.kill();
  process.once("exit", end);
  let [output, errors] = ["", ""];
  child.stdout.on("data", chunk => {
    output += chunk;
  });
  child.stderr.on("data", chunk => {
    errors += chunk;
  });
  try {
    const [code] = await once(child, "close");
    return { output, failure: code === 0 ? null : findReason(errors) };
  } finally {
    process.off("exit", end);
  }
}

function withoutPassword(url: string): string {
  const parsed = new URL(url);
  parsed.password = "";
  for (const name of [...parsed.searchParams.keys()]) if (!libpqParams.includes(name)) parsed.searchParams.delete(name);
  if (parsed.searchParams.get("sslmode") === "no-verify") parsed.searchParams.set("sslmode", "require");
  // libpq takes + as it is.
  return parsed.href.replace(parsed.search, parsed.search.replaceAll("+", "%20"));
}

/** The first error: those after it are often its consequences. */
function findReason(errors: string): string {
  const lines = errors.split("\n").filter(Boolean);
  const line = lines.find(each => /error:/.test(each)) ?? lines.at(-1) ?? "it ended without a word";
  return line.replace(/^pg_\w+: (error: )?/, "");
}
