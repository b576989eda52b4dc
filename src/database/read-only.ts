import { type Db, queryIn } from "./connect.ts";
import { readOnlyCondition } from "./connection/examine.ts";
import { named } from "./statements/query-names.ts";

/** True while nothing can be written, as on a standby. */
export async function isReadOnly(db: Db): Promise<boolean> {
  const text = `select ${readOnlyCondition} as "isReadOnly"`;
  const [row] = await named("whether the database is read-only", () =>
    queryIn(db)<{ isReadOnly: boolean }>({ name: "read only", text, values: [] }),
  );
  return row!.isReadOnly;
}
