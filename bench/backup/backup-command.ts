import { Command } from "commander";

/** npm run bench -- backup */
export function backupCommand(): Command {
  return new Command("backup")
    .description("speed and memory of prochat backup beside pg_basebackup 15 on the same cluster, and of a restore")
    .option("--messages <count>", "messages in the database", Number, 1_500_000)
    .option("--runs <count>", "runs of each", Number, 3)
    .action(async (options: { messages: number; runs: number }) => {
      const { measureBackup } = await import("./measure-backup.ts");
      const { clusterMb, packings, restore } = await measureBackup(options);
      console.log(`cluster of ${clusterMb} MB`);
      for (const { name, ours, theirs } of packings) {
        const [mine, peer] = [ours, theirs].map(runs => median(runs.map(({ seconds }) => seconds)));
        const rss = Math.max(...ours.map(({ maxRssMb }) => maxRssMb)).toFixed(0);
        console.log(
          `${name}: prochat backup ${mine!.toFixed(2)} s, pg_basebackup ${peer!.toFixed(2)} s: ${(peer! / mine!).toFixed(2)} times its speed, ${rss} MB of memory`,
        );
      }
      console.log(`restore of ${restore.clusterMb} MB: ${restore.seconds.toFixed(1)} s`);
    });
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
