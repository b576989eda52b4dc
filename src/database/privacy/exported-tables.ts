import { tenantTables } from "#database/tenant-tables.ts";

export type Exported = { name: string; of: "visitor" | "conversation"; key: string[]; columns: string[] };

/** The tables of what is kept of a person, without columns that give access. */
export const exported = Object.entries<{
  of: string;
  export: boolean;
  key: readonly string[];
  personal: readonly string[];
  plain: readonly string[];
}>(tenantTables).flatMap(([name, { of, export: isExported, key, personal, plain }]): Exported[] =>
  isExported && (of === "visitor" || of === "conversation")
    ? [{ name, of, key: [...key], columns: [...key, ...personal, ...plain] }]
    : [],
);

export const exportedTables = exported.map(({ name }) => name);
