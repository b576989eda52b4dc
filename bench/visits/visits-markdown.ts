import { claimsTable } from "#bench/report/claims.ts";
import { describeRun } from "#bench/report/run.ts";
import { inMs, inUnits, table } from "#bench/report/table.ts";
import { judge } from "./visits-claims.ts";
import {
  type Crowd,
  median,
  type Report,
  type Step,
  type SystemReport,
  steps,
  type Updates,
  visitCostMs,
} from "./visits-report.ts";

/** Claims, then what each step costs, and whole visits; for a terminal and for a page. */
export function toMarkdown(report: Report): string {
  const { settings, systems } = report;
  return [
    `${describeRun(report, report.postgres)}. ${inUnits(settings.visits)} visits, ${settings.atOnce} at a time, to ` +
      `${inUnits(settings.websites)} websites with an agent each; ${settings.rounds} rounds of both systems in turn, ` +
      "medians are shown; visitors and agents run in a process of their own on the same cores.",
    claimsTable(judge(report)),
    stepsTable(systems),
    ...systems[0]!.rounds[0]!.crowds.map((_, nth) => crowdTable(systems, nth)),
    updatesTable(systems),
    ...systems.flatMap(describeFailures),
  ].join("\n\n");
}

function stepsTable(systems: SystemReport[]): string {
  const costOf = ({ rounds }: SystemReport, step: Step) =>
    (["server", "postgres"] as const).map(part => inUnits(median(rounds.map(round => round.steps[step][part]))));
  return table(
    ["CPU µs a time: server + PostgreSQL", "times in a visit", ...systems.map(({ title }) => title)],
    [
      ...steps.map(({ name, times }) => [
        name,
        String(times),
        ...systems.map(system => costOf(system, name).join(" + ")),
      ]),
      ["a whole visit, ms", "", ...systems.map(({ rounds }) => median(rounds.map(visitCostMs)).toFixed(2))],
    ],
  );
}

function crowdTable(systems: SystemReport[], nth: number): string {
  const crowdsOf = ({ rounds }: SystemReport) => rounds.map(({ crowds }) => crowds[nth]!);
  const { chatting } = crowdsOf(systems[0]!)[0]!;
  const p99 = (crowds: Crowd[], step: Step) => inMs(median(crowds.map(({ latencies }) => latencies[step]?.p99Ms ?? 0)));
  return table(
    [
      `${chatting} of 100 write`,
      "visits/s",
      "CPU µs a visit: server + PostgreSQL",
      "p99 ms: connect / first message / further message / read mark / resolve",
    ],
    systems.map(system => {
      const crowds = crowdsOf(system);
      const rates = crowds.map(({ visitsPerSecond }) => visitsPerSecond);
      const cost = (part: "server" | "postgres") => inUnits(median(crowds.map(crowd => crowd.cost[part])));
      const answered = ["connect", "first message", "further message", "read mark", "resolve"] as const;
      return [
        system.title,
        `${inUnits(median(rates))} (${rates.map(inUnits).join(", ")})`,
        `${cost("server")} + ${cost("postgres")}`,
        answered.map(step => p99(crowds, step)).join(" / "),
      ];
    }),
  );
}

function updatesTable(systems: SystemReport[]): string {
  const of = ({ rounds }: SystemReport, read: (updates: Updates) => number) =>
    median(rounds.map(({ updates }) => read(updates)));
  const inKb = (bytes: number) => `${inUnits(Math.round(bytes / 1024))} kB`;
  return table(
    ["rows of conversations", "updates", "without an index entry (HOT)", "indexes", "indexes built again"],
    systems.map(system => [
      system.title,
      inUnits(of(system, ({ updates }) => updates)),
      `${(of(system, ({ hotShare }) => hotShare) * 100).toFixed(1)}%`,
      inKb(of(system, ({ indexBytes }) => indexBytes)),
      inKb(of(system, ({ freshIndexBytes }) => freshIndexBytes)),
    ]),
  );
}

function describeFailures({ title, rounds }: SystemReport): string[] {
  const failures = [...new Set(rounds.flatMap(({ crowds }) => crowds.flatMap(crowd => crowd.failures)))];
  return failures.length > 0 ? [`${title} refused: ${failures.join("; ")}.`] : [];
}
