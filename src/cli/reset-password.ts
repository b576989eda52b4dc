import { randomBytes } from "node:crypto";
import { Command } from "commander";
import { connect } from "#database/connect.ts";
import { findJobsSchema } from "#database/home-schema.ts";
import { AppError } from "#protocol/errors.ts";
import { record } from "./record.ts";
import { withDatabase } from "./with-database.ts";

/** For an agent or owner who forgot the password: the server sends no mail. */
export function resetPasswordCommand(): Command {
  return new Command("reset-password")
    .description("give an agent a new password, print it, and end all their sessions and sockets")
    .argument("<email>", "the agent's e-mail address")
    .option("--json", "report as JSON")
    .action(
      withDatabase<{ json?: true }>(async (url, _log, { json }, [email = ""]) => {
        // See main.ts.
        const { findUserByEmail } = await import("#server/features/accounts/queries.ts");
        const { listLogs } = await import("#server/features/accounts/feature.ts");
        const { setPassword } = await import("#server/identity/accounts.ts");
        const { createPasswords } = await import("#server/identity/passwords.ts");
        const connection = connect({ url, poolSize: 1, onError: () => undefined });
        const passwords = createPasswords();
        try {
          const user = await findUserByEmail(connection.db, email.toLowerCase());
          if (!user)
            throw new AppError("not_found", `No agent has the address ${email}. See the page People of the dashboard.`);
          const password = randomBytes(12).toString("base64url");
          const passwordHash = await passwords.hash(password);
          await connection.db.transaction().execute(async tx => {
            await setPassword(tx, user.id, passwordHash);
            const target = { kind: "account", ...user } as const;
            const logs = await listLogs(tx, user.id);
            await record(
              tx,
              logs.map(websiteId => ({ websiteId, action: "account.password_reset", target })),
            );
          });
          // Agents' sockets check their sessions with each heartbeat. This ends them at once.
          const { sessionsEndedJob } = await import("#server/jobs.ts");
          const { addJob } = await import("#platform/jobs/cron.ts");
          await addJob(connection.pool, await findJobsSchema(connection.pool), sessionsEndedJob, { userId: user.id });
          if (json) console.log(JSON.stringify({ email, password }));
          else
            console.log(
              `The new password of ${user.name} is ${password}. They can change it in the dashboard, under their name.`,
            );
        } finally {
          await passwords.close();
          await connection.close();
        }
      }),
    );
}
