import type { AlterTableCmd, AlterTableStmt, ColumnDef, Constraint, Node } from "libpg-query";
import type { LongLock } from "./long-lock.ts";

type Finding = Pick<LongLock, "why" | "instead"> & Partial<LongLock>;

const rewrites = "rewrites the table";
const reads = "reads the whole table and blocks writes meanwhile";
const builds = "builds an index and blocks writes meanwhile";
const newColumn = "a new nullable column, a backfill, and a change of the code that reads it";
const notValid = '"not valid", and "validate constraint" in a migration with "-- No transaction"';

/** The parts of an `alter table` whose time grows with the table. Changes of the catalogue alone are not among them. */
export function findInAlterTable({ relation, cmds = [], objtype }: AlterTableStmt): LongLock[] {
  if (objtype !== "OBJECT_TABLE") return [];
  return cmds.flatMap(cmd => {
    const finding = "AlterTableCmd" in cmd ? findInCommand(cmd.AlterTableCmd) : null;
    return finding ? [{ table: relation ?? null, ...finding }] : [];
  });
}

function findInCommand({ subtype, def, name }: AlterTableCmd): Finding | null {
  switch (subtype) {
    case "AT_AddColumn":
      return def && "ColumnDef" in def ? findInColumn(def.ColumnDef) : null;
    case "AT_AddConstraint":
      return def && "Constraint" in def ? findInConstraint(def.Constraint) : null;
    case "AT_AlterColumnType":
      return { why: rewrites, instead: newColumn };
    case "AT_SetExpression":
    case "AT_SetLogged":
    case "AT_SetUnLogged":
    case "AT_SetAccessMethod":
    case "AT_SetTableSpace":
      return { why: rewrites, instead: "a new table, filled in batches" };
    case "AT_SetNotNull":
      return {
        why: reads,
        instead: `a check (${name} is not null) first, added "not valid" and then validated`,
        ...(name !== undefined && { notNullColumn: name }),
      };
    case "AT_ValidateConstraint":
      return {
        why: "reads the whole table while the migration holds its locks",
        instead: 'a migration of its own with "-- No transaction"',
        onlyInTransaction: true,
      };
    case "AT_AttachPartition":
      return def && "PartitionCmd" in def
        ? {
            table: def.PartitionCmd.name ?? null,
            why: reads,
            instead: 'a check of its bounds first, added "not valid" and then validated',
          }
        : null;
    default:
      return null;
  }
}

function findInColumn({ typeName, constraints = [] }: ColumnDef): Finding | null {
  const type = typeName?.names?.flatMap(node => ("String" in node ? [node.String.sval] : [])).at(-1);
  if (type && /^(small|big)?serial[248]?$/.test(type)) return { why: rewrites, instead: newColumn };
  const hasDefault = constraints.some(node => "Constraint" in node && node.Constraint.contype === "CONSTR_DEFAULT");
  for (const node of constraints) {
    if (!("Constraint" in node)) continue;
    const { contype, raw_expr: expression, generated_kind: kind } = node.Constraint;
    if (contype === "CONSTR_IDENTITY") return { why: rewrites, instead: newColumn };
    if (contype === "CONSTR_GENERATED" && kind !== "v") return { why: rewrites, instead: newColumn };
    if (contype === "CONSTR_DEFAULT" && !isStable(expression))
      return { why: rewrites, instead: 'the column without a default, then "set default", then a backfill' };
    // A new column is null in every row: PostgreSQL knows that no row can break the foreign key.
    const isFree = contype === "CONSTR_FOREIGN" && !hasDefault;
    const finding = isFree ? null : findInConstraint(node.Constraint);
    if (finding) return finding;
  }
  return null;
}

function findInConstraint({ contype, skip_validation: isNotValid, indexname }: Constraint): Finding | null {
  switch (contype) {
    case "CONSTR_CHECK":
    case "CONSTR_FOREIGN":
      return isNotValid ? null : { why: reads, instead: notValid };
    case "CONSTR_PRIMARY":
    case "CONSTR_UNIQUE":
      return indexname ? null : { why: builds, instead: 'an index built concurrently, and "using index"' };
    case "CONSTR_EXCLUSION":
      return { why: builds, instead: "a check by the program" };
    default:
      return null;
  }
}

/** True if the default is the same for all existing rows: PostgreSQL then stores it once. */
function isStable(expression: Node | undefined): boolean {
  if (!expression) return true;
  if ("A_Const" in expression || "SQLValueFunction" in expression) return true;
  if ("TypeCast" in expression) return isStable(expression.TypeCast.arg);
  if ("A_ArrayExpr" in expression) return (expression.A_ArrayExpr.elements ?? []).every(isStable);
  if ("FuncCall" in expression) {
    const names = expression.FuncCall.funcname ?? [];
    return names.some(name => "String" in name && name.String.sval === "now");
  }
  return false;
}
