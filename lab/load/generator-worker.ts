import type { History } from "./check.ts";
import { MessageLoad, type Pace } from "./message-load.ts";
import { openPairs, type Pair } from "./pairs.ts";
import type { OpenDriver } from "./system-under-test.ts";
import { serveTasks } from "./workers.ts";

/** A worker of the load generator: its visitors and agents chat through the driver of any system under test. */

let pairs: Pair[] = [];
let load: MessageLoad;

const tasks = {
  async open(p: { driverModule: string; access: unknown; worker: number; websites: number[]; visitors: number }) {
    const { openDriver } = (await import(p.driverModule)) as { openDriver: OpenDriver };
    const driver = openDriver(p.access as never);
    pairs = await openPairs(driver, { ...p, onReceived: key => load?.onReceived(key) });
    load = new MessageLoad(p.worker, pairs);
  },
  run: (p: { pace: Pace; seconds: number }) => load.run(p),
  histories: (): History[] => pairs.map(({ conversation, sent, received }) => ({ conversation, sent, received })),
};

export type GeneratorTasks = typeof tasks;

serveTasks(tasks);
