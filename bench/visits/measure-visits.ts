import pg from "pg";
import { checkHistories } from "#lab/load/check.ts";
import { mapParts, measureCpu } from "#lab/load/cpu-by-part.ts";
import { summarize } from "#lab/load/latency.ts";
import type { Setup } from "#lab/load/setup.ts";
import type { SystemUnderTest } from "#lab/load/system-under-test.ts";
import { startWorkerPool } from "#lab/load/workers.ts";
import { measureUpdates } from "./measure-updates.ts";
import {
  type Crowd,
  type Round,
  type Settings,
  type Step,
  type StepCosts,
  steps,
  visitCostMs,
} from "./visits-report.ts";
import type { VisitTasks } from "./visits-worker.ts";

/** Before it is measured: until the code is compiled and plans are made. */
const warmUpShare = 0.2;

/** Measures a system on a database of its own: the cost of each step, then whole visits; and checks every message. */
export async function measureVisits(
  setup: Setup,
  systemUnderTest: SystemUnderTest,
  settings: Settings,
  print: (text: string) => void,
): Promise<Round> {
  const { visits, websites, atOnce, seconds } = settings;
  const databaseUrl = await setup.createDatabase("system");
  const system = await systemUnderTest.start({ databaseUrl, websites });
  const pool = startWorkerPool<VisitTasks>(new URL("./visits-worker.ts", import.meta.url), 1);
  const generator = { pids: pool.pids };
  const call = async <Task extends keyof VisitTasks & string>(task: Task, params: Parameters<VisitTasks[Task]>[0]) =>
    (await pool.callAll(task, () => params))[0]!;

  async function measureSteps(): Promise<StepCosts> {
    await call("begin", { visits });
    const costs: Partial<StepCosts> = {};
    for (const { name, times } of steps) {
      const { cpuSeconds } = await measureCpu({ setup, system, generator }, () =>
        call("step", { step: name, times, atOnce }),
      );
      costs[name] = mapParts(cpuSeconds, used => Math.round((used / visits / times) * 1e6));
    }
    return costs as StepCosts;
  }

  async function measureCrowd(chatting: number): Promise<Crowd> {
    await call("crowd", { seconds: seconds * warmUpShare, atOnce, chatting });
    const {
      result,
      seconds: took,
      cpuSeconds,
    } = await measureCpu({ setup, system, generator }, () => call("crowd", { seconds, atOnce, chatting }));
    const { visits, times, failures } = result;
    return {
      chatting,
      visitsPerSecond: Math.round(visits / took),
      cost: mapParts(cpuSeconds, used => Math.round((used / visits) * 1e6)),
      latencies: Object.fromEntries(
        Object.entries(times).map(([step, times]) => [step, summarize([times])]),
      ) as Crowd["latencies"] & Record<Step, never>,
      failures: [...new Set(failures)],
    };
  }

  try {
    await call("open", { driverModule: system.driverModule, access: system.access, websites });
    await call("crowd", { seconds: seconds * warmUpShare, atOnce, chatting: 100 });
    const costs = await measureSteps();
    const client = new pg.Client(databaseUrl);
    await client.connect();
    try {
      const crowds = [await measureCrowd(100), await measureCrowd(settings.chatting)];
      const verdict = checkHistories(await system.listStored(client), await call("histories", undefined));
      const round = { steps: costs, crowds, updates: await measureUpdates(client), verdict };
      print(`a visit takes ${visitCostMs(round).toFixed(2)} ms of processor time`);
      return round;
    } finally {
      await client.end();
    }
  } finally {
    await pool.stop();
    await system.stop();
    await setup.dropDatabase("system");
  }
}
