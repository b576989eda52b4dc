import { type Db, queryIn } from "./connect.ts";
import { readOnlyCondition } from "./connection/examine.ts";

/** True while nothing can be written, as on a standby. */
export async function isReadOnly(db: Db): Promise<boolean> {
  const text = `select ${readOnlyCondition} as "isReadOnly"`;
  const [row] = await queryIn(db)<{ isReadOnly: boolean }>({ name: "read only", text, values: [] });
  return row!.isReadOnly;
}
