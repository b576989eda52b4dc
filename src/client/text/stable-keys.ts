import type { Row } from "./grouping.ts";

/**
 * Gives each group the key that its messages had in the layout before, so that a screen keeps its elements. Without it
 * the first groups of a page can change their keys when older messages of the same minute come.
 * @param keys  by message; is updated
 */
export function keepKeys(rows: Row[], keys: Map<string, string>): Row[] {
  const groups = rows.filter(row => row.type === "group");
  const keptOf = new Map<object, string>();
  const used = new Set<string>();
  for (const group of groups) {
    const kept = group.messages.map(({ id }) => keys.get(id)).find(key => key && !used.has(key));
    if (!kept) continue;
    keptOf.set(group, kept);
    used.add(kept);
  }
  return rows.map(row => {
    if (row.type !== "group") return row;
    const key = keptOf.get(row) ?? (used.has(row.key) ? `${row.key} ${row.messages[0]!.id}` : row.key);
    used.add(key);
    for (const { id } of row.messages) keys.set(id, key);
    return { ...row, key };
  });
}
