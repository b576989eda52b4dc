import { type Floor, measureFloor } from "#bench/floor/pgbench.ts";
import { reference } from "#bench/reference/system.ts";
import { publish } from "#bench/report/output.ts";
import { readRun } from "#bench/report/run.ts";
import { migrate } from "#database/migrations/migrate.ts";
import { ourServer } from "#lab/load/our-server.ts";
import { createSetup, type Setup } from "#lab/load/setup.ts";
import type { SystemUnderTest } from "#lab/load/system-under-test.ts";
import { silent } from "#lab/programs/log.ts";
import { measureSystem } from "./measure-system.ts";
import { drawCharts } from "./pipeline-charts.ts";
import { toMarkdown } from "./pipeline-markdown.ts";
import { type Options, type Report, type SystemName, type SystemReport, turns } from "./pipeline-report.ts";

const systems: Record<SystemName, (setup: Setup) => SystemUnderTest> = {
  ours: setup => ourServer(setup, { processes: 1, title: "ours, 1 process" }),
  "ours-2": setup => ourServer(setup, { processes: 2, title: "ours, 2 processes and Redis" }),
  reference: () => reference,
};

export async function runPipeline({ only = [...turns], json, page, out, ...settings }: Options): Promise<void> {
  const setup = await createSetup();
  try {
    const reports = new Map<SystemName, SystemReport>();
    const floor: Floor[] = [];
    for (let round = 1; round <= settings.rounds; round++) {
      for (const turn of only) {
        console.error(`round ${round}: ${turn}`);
        if (turn === "floor") {
          floor.push(await measureFloorOnce(setup, settings.seconds));
          continue;
        }
        const system = systems[turn](setup);
        const measured = await measureSystem(setup, system, settings, text => console.error(`  ${text}`));
        const report = reports.get(turn) ?? { name: turn, title: system.title, rounds: [] };
        report.rounds.push(measured);
        reports.set(turn, report);
      }
    }
    const postgres = setup.postgresVersion;
    const report: Report = { ...readRun("pipeline"), postgres, settings, floor, systems: [...reports.values()] };
    const figures = { name: "pipeline", report, markdown: toMarkdown(report), charts: drawCharts(report) };
    await publish(figures, { out, page, json });
  } finally {
    await setup.stop();
  }
}

async function measureFloorOnce(setup: Setup, seconds: number): Promise<Floor> {
  const url = await setup.createDatabase("floor");
  try {
    await migrate(url, { log: silent });
    return await measureFloor(url, { seconds });
  } finally {
    await setup.dropDatabase("floor");
  }
}
