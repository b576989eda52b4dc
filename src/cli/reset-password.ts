import { randomBytes } from "node:crypto";
import { Command } from "commander";
import { connect } from "#database/connect.ts";
import { AppError } from "#protocol/errors.ts";
import { withDatabase } from "./with-database.ts";

/** For whoever forgot theirs, the owner included: there is no mail to send a link by. */
export function resetPasswordCommand(): Command {
  return new Command("reset-password")
    .description("give an agent a new password, print it, and end all their sessions")
    .argument("<email>", "the address they sign in with")
    .option("--json", "report as JSON")
    .action(
      withDatabase<{ json?: true }>(async (url, _log, { json }, [email = ""]) => {
        // See main.ts.
        const { findUserByEmail } = await import("#server/features/accounts/queries.ts");
        const { setPassword } = await import("#server/identity/accounts.ts");
        const connection = connect({ url, poolSize: 1, onError: () => undefined });
        try {
          const user = await findUserByEmail(connection.db, email.toLowerCase());
          if (!user) throw new AppError("not_found", `Nobody signs in with ${email}. See the dashboard's page People.`);
          const password = randomBytes(12).toString("base64url");
          await connection.db.transaction().execute(tx => setPassword(tx, user.id, password));
          if (json) console.log(JSON.stringify({ email, password }));
          else console.log(`The new password of ${user.name} is ${password}. They can change it under their name.`);
        } finally {
          await connection.close();
        }
      }),
    );
}
