import { readCpu } from "#lab/programs/processes.ts";
import type { Setup } from "./setup.ts";
import type { RunningSystem } from "./system-under-test.ts";

/** Processor time of the parts of a measurement. */
export type CpuByPart = { server: number; postgres: number; redis: number; generator: number };

/** @returns the result of the work, its duration, and the seconds of processor time that each part used */
export async function measureCpu<Result>(
  { setup, system, generator }: { setup: Setup; system: RunningSystem; generator: { pids: number[] } },
  work: () => Promise<Result>,
): Promise<{ result: Result; seconds: number; cpuSeconds: CpuByPart }> {
  const read = (): CpuByPart => ({
    server: readCpu(system.pids()),
    postgres: readCpu(setup.postgresPids()),
    redis: readCpu(setup.redisPids()),
    generator: readCpu(generator.pids),
  });
  const [before, begun] = [read(), performance.now()];
  const result = await work();
  const [after, seconds] = [read(), (performance.now() - begun) / 1000];
  return { result, seconds, cpuSeconds: mapParts(after, (used, part) => used - before[part]) };
}

export const mapParts = (cpu: CpuByPart, change: (value: number, part: keyof CpuByPart) => number): CpuByPart => ({
  server: change(cpu.server, "server"),
  postgres: change(cpu.postgres, "postgres"),
  redis: change(cpu.redis, "redis"),
  generator: change(cpu.generator, "generator"),
});
