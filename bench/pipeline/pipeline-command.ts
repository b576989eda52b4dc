import { Command, InvalidArgumentError } from "commander";
import { type Floor, measureFloor } from "#bench/floor/pgbench.ts";
import { reference } from "#bench/reference/system.ts";
import { wholeNumber } from "#bench/report/options.ts";
import { publish } from "#bench/report/output.ts";
import { describeRun } from "#bench/report/run.ts";
import { migrate } from "#database/migrations/migrate.ts";
import { ourServer } from "#lab/load/our-server.ts";
import { createSetup, type Setup } from "#lab/load/setup.ts";
import type { SystemUnderTest } from "#lab/load/system-under-test.ts";
import { silent } from "#lab/programs/log.ts";
import { measureSystem } from "./measure-system.ts";
import { drawCharts } from "./pipeline-charts.ts";
import { toMarkdown } from "./pipeline-markdown.ts";
import { type Report, type Settings, type SystemName, type SystemReport, systemNames } from "./pipeline-report.ts";

type Options = Settings & { only?: Turn[]; out?: string; page?: string; json?: true };

const turns = [...systemNames, "floor"] as const;
type Turn = (typeof turns)[number];

export const pipelineCommand = () =>
  new Command("pipeline")
    .description(
      "messages acknowledged and delivered a second, and their delays, beside Socket.IO with a transaction a message",
    )
    .option("--seconds <n>", "of each load", wholeNumber(1, 600), 20)
    .option("--rounds <n>", "of all in turns", wholeNumber(1, 20), 3)
    .option("--visitors <n>", "who write; a server lets each write 20 messages in 10 s", wholeNumber(1, 20_000), 3_000)
    .option("--websites <n>", "with an agent each; a server lets each write 100 in 10 s", wholeNumber(1, 5_000), 600)
    .option("--at-once <n>", "messages on their way at full load", wholeNumber(1, 4_000), 400)
    .option("--workers <n>", "processes of the generator", wholeNumber(1, 16), 2)
    .option("--only <names...>", `of ${turns.join(", ")}`, readTurns)
    .option("--out <folder>", "where pipeline.json and the charts go")
    .option(
      "--page <file>",
      "a page whose tables are written anew, and docs/benchmarks beside it unless --out says else",
    )
    .option("--json", "report as JSON")
    .action(run);

async function run({ only = [...turns], json, page, out, ...settings }: Options): Promise<void> {
  const setup = await createSetup();
  try {
    const reports = new Map<SystemName, SystemReport>();
    const floor: Floor[] = [];
    for (let round = 1; round <= settings.rounds; round++) {
      for (const turn of only) {
        console.error(`round ${round}: ${turn}`);
        if (turn === "floor") {
          floor.push(await measureOnce(setup, settings.seconds));
          continue;
        }
        const system = systems[turn](setup);
        const measured = await measureSystem(setup, system, settings, text => console.error(`  ${text}`));
        const report = reports.get(turn) ?? { name: turn, title: system.title, rounds: [] };
        report.rounds.push(measured);
        reports.set(turn, report);
      }
    }
    const report: Report = {
      ...describeRun("pipeline"),
      postgres: setup.postgresVersion,
      settings,
      floor,
      systems: [...reports.values()],
    };
    const figures = { name: "pipeline", report, markdown: toMarkdown(report), charts: drawCharts(report) };
    await publish(figures, { out, page, json });
  } finally {
    await setup.stop();
  }
}

const systems: Record<SystemName, (setup: Setup) => SystemUnderTest> = {
  ours: setup => ourServer(setup, { processes: 1, title: "ours, 1 process" }),
  "ours-2": setup => ourServer(setup, { processes: 2, title: "ours, 2 processes and Redis" }),
  reference: () => reference,
};

async function measureOnce(setup: Setup, seconds: number): Promise<Floor> {
  const url = await setup.createDatabase("floor");
  try {
    await migrate(url, { log: silent });
    return await measureFloor(url, { seconds });
  } finally {
    await setup.dropDatabase("floor");
  }
}

function readTurns(text: string, before: Turn[] = []): Turn[] {
  if ((turns as readonly string[]).includes(text)) return [...before, text as Turn];
  throw new InvalidArgumentError(`"${text}" is none of ${turns.join(", ")}.`);
}
