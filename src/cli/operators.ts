import { Command } from "commander";
import { connect, type Db } from "#database/connect.ts";
import { AppError } from "#protocol/errors.ts";
import { record } from "./record.ts";
import { withDatabase } from "./with-database.ts";

type Options = { add?: string; remove?: string; json?: true };

/** prochat operators */
export function operatorsCommand(): Command {
  return new Command("operators")
    .description("list who sees the server's database and backups in the dashboard, or change that")
    .option("--add <email>", "make this agent an operator")
    .option("--remove <email>", "take the right from this agent")
    .option("--json", "report as JSON")
    .addHelpText(
      "after",
      "\nThe account that set the server up is one. An operator can download a backup, which holds the conversations of all websites.",
    )
    .action(
      withDatabase<Options>(async (url, _log, { add, remove, json }) => {
        const { listOperators } = await import("#server/identity/operators.ts"); // see main.ts
        const connection = connect({ url, poolSize: 1, onError: () => undefined });
        try {
          if (add !== undefined) await change(connection.db, add, "added");
          if (remove !== undefined) await change(connection.db, remove, "removed");
          const operators = await listOperators(connection.db);
          if (json) console.log(JSON.stringify({ operators }));
          else for (const { name, email } of operators) console.log(`${email}  ${name}`);
          if (operators.length === 0) console.error("There is no operator. Make one: prochat operators --add EMAIL");
        } finally {
          await connection.close();
        }
      }),
    );
}

async function change(db: Db, email: string, verb: "added" | "removed"): Promise<void> {
  const { findUserByEmail } = await import("#server/features/accounts/queries.ts"); // see main.ts
  const { deleteOperator, insertOperator } = await import("#server/identity/operators.ts");
  const user = await findUserByEmail(db, email.toLowerCase());
  if (!user)
    throw new AppError("not_found", `No agent has the address ${email}. See the page People of the dashboard.`);
  await db.transaction().execute(async tx => {
    const isChanged = await (verb === "added" ? insertOperator : deleteOperator)(tx, user.id);
    const target = { kind: "account", ...user } as const;
    if (isChanged) await record(tx, [{ websiteId: 0, action: `operator.${verb}`, target }]);
  });
}
