import { reference } from "#bench/reference/system.ts";
import { publish } from "#bench/report/output.ts";
import { readRun } from "#bench/report/run.ts";
import { ourServer } from "#lab/load/our-server.ts";
import { createSetup, type Setup } from "#lab/load/setup.ts";
import type { SystemUnderTest } from "#lab/load/system-under-test.ts";
import { measureVisits } from "./measure-visits.ts";
import { toMarkdown } from "./visits-markdown.ts";
import { type Options, type Report, type SystemName, type SystemReport, systemNames } from "./visits-report.ts";

const systems: Record<SystemName, (setup: Setup) => SystemUnderTest> = {
  ours: setup => ourServer(setup, { processes: 1, title: "ours" }),
  reference: () => reference,
};

export async function runVisits({ only = [...systemNames], json, page, out, ...settings }: Options): Promise<void> {
  const setup = await createSetup();
  try {
    const reports = only.map((name): SystemReport => ({ name, title: systems[name](setup).title, rounds: [] }));
    for (let round = 1; round <= settings.rounds; round++) {
      for (const { name, rounds } of reports) {
        console.error(`round ${round}: ${name}`);
        rounds.push(await measureVisits(setup, systems[name](setup), settings, text => console.error(`  ${text}`)));
      }
    }
    const report: Report = { ...readRun("visits"), postgres: setup.postgresVersion, settings, systems: reports };
    await publish({ name: "visits", report, markdown: toMarkdown(report), charts: {} }, { out, page, json });
  } finally {
    await setup.stop();
  }
}
