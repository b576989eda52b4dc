import { Command } from "commander";
import { connectDirectly } from "#database/direct-connection.ts";
import { printVerification } from "./print-verification.ts";
import { requireMigrated } from "./require-migrated.ts";
import { withDatabase } from "./with-database.ts";

export function verifyCommand(): Command {
  return new Command("verify")
    .description(
      "run every query of the product on the live database and check its indexes and time; list missing and useless indexes",
    )
    .option("--json", "report as JSON")
    .action(
      withDatabase<{ json?: true }>(async (url, _log, { json }) => {
        await requireMigrated(url);
        const { verifyDatabase } = await import("#server/query-proofs/verify-database.ts"); // see main.ts
        const client = await connectDirectly(url);
        try {
          const verification = await verifyDatabase(client);
          console.log(json ? JSON.stringify(verification) : printVerification(verification));
          return verification.failures.length === 0;
        } finally {
          await client.end();
        }
      }),
    );
}
