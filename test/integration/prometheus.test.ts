import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "#lab/eventually.ts";
import { type Program, startProgram } from "#lab/programs/programs.ts";
import { startRedis } from "#lab/programs/redis.ts";

/** The shipped rules and dashboard beside the metrics of a server that has everything: processes, Redis, backups. */

const root = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const promtool = (args: string[], input?: string) =>
  execFileSync("/usr/bin/promtool", args, { cwd: join(root, "deploy/prometheus"), encoding: "utf8", input });

const folder = mkdtempSync(join(tmpdir(), "prochat-prometheus-"));
let redis: Awaited<ReturnType<typeof startRedis>>;
let program: Program;
let metrics: string;
/** as PromQL names them: a histogram has three */
let names: Set<string>;

beforeAll(async () => {
  redis = await startRedis();
  const env = { PORT: "0", DEMO_PORT: "off", DATA_DIR: join(folder, "data") };
  program = startProgram("src/cli/main.ts", ["start"], {
    env: { ...env, REDIS_URL: redis.url, PROCESSES: "2", BACKUPS: "on" },
  });
  const { origin } = new URL(/http:\S+$/.exec(await program.firstLine)![0]);
  metrics = await eventually(async () => {
    const text = await (await fetch(`${origin}/metrics`)).text();
    for (const name of ["prochat_alerts", "prochat_database_answer_seconds", "prochat_backup_archiving"])
      expect(text).toMatch(new RegExp(`^${name}\\{`, "m"));
    return text;
  });
  names = new Set(
    [...metrics.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = "", type]) =>
      type === "histogram" ? ["_bucket", "_sum", "_count"].map(part => name + part) : [name],
    ),
  );
});
afterAll(async () => {
  program?.process.kill("SIGTERM");
  await program?.ended;
  await redis?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const namesIn = (text: string) => [...new Set(text.match(/\b(prochat|nodejs|process)_[a-z0-9_]+\b/g))].sort();

test("our metrics keep to the conventions of Prometheus: units, suffixes, help", () => {
  const ours = metrics.split(/(?=^# HELP )/m).filter(part => part.startsWith("# HELP prochat_"));
  expect(ours.length).toBeGreaterThan(30);
  expect(promtool(["check", "metrics"], ours.join(""))).toBe("");
});

test("no metric is of a website, a person or a conversation", () => {
  const labels = new Set([...metrics.matchAll(/[{,](\w+)="/g)].map(([, label]) => label!));
  for (const label of labels) expect(label).not.toMatch(/website|visitor|agent|user|conversation|tenant/);
});

test("docs/metrics.md lists every metric, and none that there is not", () => {
  const documented = namesIn(read("docs/metrics.md")).filter(name => name.startsWith("prochat_"));
  const existing = [...metrics.matchAll(/^# TYPE (prochat_\S+) /gm)].map(([, name]) => name!);
  expect(documented).toEqual(existing.toSorted());
});

test("each name in the rules, their tests and the Grafana dashboard is a metric of the server", () => {
  for (const file of ["prometheus/rules.yml", "prometheus/rules.test.yml", "grafana/prochat.json"]) {
    const used = namesIn(read(`deploy/${file}`));
    expect(used.length).toBeGreaterThan(10);
    expect(
      used.filter(name => !names.has(name)),
      file,
    ).toEqual([]);
  }
});

test("the series of the rules' tests have the labels of real ones", () => {
  const labelsOf = new Map<string, Set<string>>();
  for (const [, name = "", labels = ""] of metrics.matchAll(/^(\w+)\{(.*)\} \S+$/gm)) {
    const all = [...labels.matchAll(/(\w+)="/g)].map(([, label]) => label!);
    labelsOf.set(name, new Set(all));
  }
  const series = [...read("deploy/prometheus/rules.test.yml").matchAll(/series: '(\w+)\{(.*?)\}'/g)];
  expect(series.length).toBeGreaterThan(20);
  for (const [, name = "", labels = ""] of series) {
    const real = labelsOf.get(name);
    if (!real) continue; // absent until something happens: its name is known, see above
    const own = [...labels.matchAll(/(\w+)="/g)].map(([, label]) => label!);
    const added = ["job", "instance"];
    expect({ name, labels: own.filter(label => !added.includes(label)).sort() }).toEqual({
      name,
      labels: [...real].sort(),
    });
  }
});

test("each rule is tried, and fires when it should", () => {
  expect(promtool(["check", "rules", "rules.yml"])).toContain("SUCCESS");
  expect(promtool(["test", "rules", "rules.test.yml"])).toContain("SUCCESS");
  const tried = read("deploy/prometheus/rules.test.yml");
  for (const [, name] of read("deploy/prometheus/rules.yml").matchAll(/- alert: (\w+)/g)) {
    expect(tried.match(new RegExp(`alertname: ${name}\\n\\s+exp_alerts`)), name).not.toBeNull();
  }
});

test("the Grafana dashboard is one that Grafana takes: panels in a grid, each with its queries", () => {
  type Panel = {
    id: number;
    type: string;
    title: string;
    gridPos: Record<"x" | "y" | "w" | "h", number>;
    targets?: { expr: string }[];
  };
  const { panels } = JSON.parse(read("deploy/grafana/prochat.json")) as { panels: Panel[] };
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  const cells = new Set<string>();
  for (const { type, title, gridPos, targets } of panels) {
    if (type !== "row") expect(targets!.length, title).toBeGreaterThan(0);
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
        expect(cells.has(`${x} ${y}`), `${title} overlaps`).toBe(false);
        cells.add(`${x} ${y}`);
      }
    }
    expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
  }
});

test("each query of the Grafana dashboard is valid PromQL", () => {
  const { panels } = JSON.parse(read("deploy/grafana/prochat.json")) as { panels: { targets?: { expr: string }[] }[] };
  const queries = panels.flatMap(({ targets = [] }) =>
    targets.map(({ expr }) => expr.replaceAll("$__rate_interval", "5m")),
  );
  const rules = queries.map((expr, index) => ({ record: `query:${index}`, expr }));
  const file = join(folder, "queries.yml");
  writeFileSync(file, JSON.stringify({ groups: [{ name: "dashboard", rules }] }));
  expect(promtool(["check", "rules", file])).toContain(`${queries.length} rules found`);
});
