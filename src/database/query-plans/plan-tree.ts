import type { PlanStep } from "#protocol/health.ts";

/** A node of `explain (format json)`. */
export type PlanNode = {
  "Node Type": string;
  "Plan Rows": number;
  "Total Cost": number;
  Plans?: PlanNode[];
} & Record<string, unknown>;

const conditions = {
  "Index Cond": "",
  "Recheck Cond": "",
  "Hash Cond": "",
  "Merge Cond": "",
  "Join Filter": "",
  Filter: "only ",
  "Sort Key": "by ",
  "Presorted Key": "already by ",
  "Group Key": "by ",
};

type Tree = Omit<PlanStep, "depth"> & { steps: Tree[] };

/** The steps of a plan as people read them, the last one first. Partitions that are read in the same way are one step. */
export const stepsOf = (node: PlanNode): PlanStep[] => listSteps(toTree(node), 0);

const listSteps = ({ steps, ...step }: Tree, depth: number): PlanStep[] => [
  { depth, ...step },
  ...steps.flatMap(below => listSteps(below, depth + 1)),
];

function toTree(node: PlanNode): Tree {
  const steps = (node.Plans ?? []).map(toTree);
  return {
    what: describe(node),
    conditions: Object.entries(conditions).flatMap(([key, word]) =>
      node[key] === undefined ? [] : [`${word}${[node[key]].flat().join(", ")}`],
    ),
    rows: node["Plan Rows"],
    cost: node["Total Cost"],
    steps: /Append$/.test(node["Node Type"]) ? joinPartitions(steps) : steps,
  };
}

/** "Index Scan using messages_pkey on messages m" */
function describe(node: PlanNode): string {
  const text = (key: string) => (typeof node[key] === "string" ? (node[key] as string) : null);
  const relation = text("Relation Name") ?? text("CTE Name") ?? text("Function Name");
  const alias = text("Alias");
  const join = text("Join Type");
  return [
    text("Subplan Name") && `${text("Subplan Name")}:`,
    join !== "Inner" && join,
    text("Operation") ?? node["Node Type"],
    text("Index Name") && `using ${text("Index Name")}`,
    relation && `on ${relation}`,
    alias && alias !== relation && alias,
  ]
    .filter(Boolean)
    .join(" ");
}

function joinPartitions(steps: Tree[]): Tree[] {
  const groups = Map.groupBy(steps, shapeOf);
  return [...groups.values()].map(([first, ...others]) => {
    if (others.length === 0) return first!;
    const all = [first!, ...others];
    const sum = (of: (step: Tree) => number) => all.reduce((total, step) => total + of(step), 0);
    return {
      ...first!,
      what: `${first!.what}, and the same in ${others.length} other ${others.length === 1 ? "partition" : "partitions"}`,
      rows: sum(step => step.rows),
      cost: sum(step => step.cost),
    };
  });
}

/** The steps without what differs between months: their names, and how much they hold. */
const shapeOf = (step: Tree): string =>
  JSON.stringify({ ...step, rows: 0, cost: 0, steps: step.steps.map(shapeOf) }).replace(/_\d{4}_\d\d|_\d+\b/g, "");
