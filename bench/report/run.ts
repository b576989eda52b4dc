import { availableParallelism, cpus, totalmem } from "node:os";

/** When, how and on which machine something was measured. */
export type Run = {
  date: string;
  command: string;
  machine: { cpu: string; cores: number; memoryGb: number };
};

export const readRun = (name: string): Run => ({
  date: new Date().toISOString().slice(0, 10),
  command: [`npm run bench -- ${name}`, ...process.argv.slice(3)].join(" "),
  machine: {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
  },
});

export const describeRun = ({ date, command, machine }: Run, postgres: string): string =>
  `Measured on ${date} with \`${command}\`: PostgreSQL ${postgres}, ${machine.cores} cores (${machine.cpu}), ` +
  `${machine.memoryGb} GB`;
