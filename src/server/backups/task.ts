import { runBackupsJob } from "#database/backup/schedule/runs.ts";
import type { Task } from "#platform/jobs/cron.ts";
import type { RunContext } from "./run.ts";

/** Each minute. What a backup needs is loaded when the first one is due. */
export const backupTask = (context: RunContext): Task => ({
  name: runBackupsJob,
  schedule: "* * * * *",
  async run() {
    const { runBackups } = await import("./run.ts");
    await runBackups(context);
  },
});
