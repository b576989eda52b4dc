import type { Node } from "libpg-query";
import { type Name, nameOf } from "#database/migrations/session/catalog.ts";
import type { Migration } from "#database/migrations/sql/files.ts";

/** What a migration creates: names of tables and enums share one space, functions have another. */
export type CreatedName = { migration: string; kind: "table" | "type" | "function"; name: string };

/** The names that must be free before migrations run, in order: without those that a migration itself frees. */
export function listCreatedNames(migrations: Migration[]): CreatedName[] {
  const freed = new Set<string>();
  const created: CreatedName[] = [];
  for (const { name: migration, up } of migrations) {
    for (const { tree } of up) {
      for (const name of namesFreedBy(tree)) freed.add(name);
      const found = findCreated(tree);
      if (found && !freed.has(found.name)) created.push({ migration, ...found });
    }
  }
  return created;
}

function findCreated(tree: Node): Omit<CreatedName, "migration"> | null {
  if ("CreateStmt" in tree && !tree.CreateStmt.if_not_exists) return named("table", tree.CreateStmt.relation ?? {});
  if ("CreateEnumStmt" in tree) return named("type", nameOfParts(tree.CreateEnumStmt.typeName));
  if ("CreateFunctionStmt" in tree && !tree.CreateFunctionStmt.replace)
    return named("function", nameOfParts(tree.CreateFunctionStmt.funcname));
  return null;
}

const named = (kind: CreatedName["kind"], { relname = "" }: Name) => ({ kind, name: relname });

const nameOfParts = (items: Node[] = []): Name => nameOf({ List: { items } });

function namesFreedBy(tree: Node): string[] {
  if ("RenameStmt" in tree) return [tree.RenameStmt.relation?.relname ?? ""];
  if (!("DropStmt" in tree)) return [];
  return (tree.DropStmt.objects ?? []).map(object => lastWord(object));
}

/** Of a dropped table, type or function, which the parser gives in three shapes. */
function lastWord(object: Node): string {
  if ("TypeName" in object) return nameOfParts(object.TypeName.names).relname ?? "";
  if ("ObjectWithArgs" in object) return nameOfParts(object.ObjectWithArgs.objname).relname ?? "";
  return nameOf(object).relname ?? "";
}
