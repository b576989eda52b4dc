import { parse } from "libpg-query";

/** A table that a statement names, except to insert rows into it. */
export type Mention = {
  table: string;
  /** its columns that the select, update or delete names, if the alias shows that they are its own */
  columns: string[];
};

/** A select, insert, update or delete: its own tables, and the columns named in it or in its subqueries. */
type Scope = { tables: { name: string; alias: string }[]; columns: string[] };

const statements = ["SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "LockStmt"];

/** The tables that a statement names, as PostgreSQL's own parser reads it. A month of messages counts as messages. */
export async function findMentions(text: string): Promise<Mention[]> {
  const scopes: Scope[] = [];
  const queryNames = new Set<unknown>(); // of `with`
  visit(await parse(text), []);
  return scopes.flatMap(({ tables, columns }) => {
    const ofTables = tables.filter(({ name }) => !queryNames.has(name));
    const columnsOf = (alias: string) =>
      columns.flatMap(column => {
        const [name, of = ofTables.length === 1 ? alias : null] = column.split(".").reverse();
        return of === alias ? [name!] : [];
      });
    return ofTables.map(({ name, alias }) => ({
      table: name.replace(/^messages_\d{4}_\d\d$/, "messages"),
      columns: columnsOf(alias),
    }));
  });

  function visit(node: unknown, open: Scope[]): void {
    if (typeof node !== "object" || node === null) return;
    for (const [key, value] of Object.entries(node)) {
      if (key === "ctename") queryNames.add(value);
      if (key === "relation" && isInsertOnly(node)) continue;
      if (key === "ColumnRef") for (const scope of open) scope.columns.push(readColumn(value));
      visit(value, statements.includes(key) ? [...open, openScope()] : open);
    }
    const { relname, alias } = node as { relname?: string; alias?: { aliasname: string } };
    if (relname) open.at(-1)!.tables.push({ name: relname, alias: alias?.aliasname ?? relname });
  }

  function openScope(): Scope {
    const scope: Scope = { tables: [], columns: [] };
    scopes.push(scope);
    return scope;
  }
}

/** Of an insert that changes no existing row. */
const isInsertOnly = (node: object) =>
  "override" in node &&
  (node as { onConflictClause?: { action: string } }).onConflictClause?.action !== "ONCONFLICT_UPDATE";

function readColumn({ fields }: { fields: { String?: { sval: string } }[] }): string {
  return fields.map(field => field.String?.sval ?? "*").join(".");
}
