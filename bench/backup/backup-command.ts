import { Command } from "commander";
import { wholeNumber } from "#bench/report/options.ts";
import type { WhileChatting } from "./measure-while-chatting.ts";

/** npm run bench -- backup */
export function backupCommand(): Command {
  return new Command("backup")
    .description("speed and memory of prochat backup beside pg_basebackup 15 on the same cluster, and of a restore")
    .option("--messages <count>", "messages in the database", wholeNumber(20_000, 1e9), 1_500_000)
    .option("--runs <count>", "runs of each", wholeNumber(1, 100), 3)
    .option("--rate <count>", "messages a second while people chat", wholeNumber(1, 20_000), 400)
    .action(async (options: { messages: number; runs: number; rate: number }) => {
      const { measureBackup } = await import("./measure-backup.ts");
      const { clusterMb, packings, restore, chatting } = await measureBackup(options);
      console.log(`cluster of ${clusterMb} MB`);
      for (const { name, ours, theirs } of packings) {
        const [mine, peer] = [ours, theirs].map(runs => median(runs.map(({ seconds }) => seconds)));
        const rss = Math.max(...ours.map(({ maxRssMb }) => maxRssMb)).toFixed(0);
        console.log(
          `${name}: prochat backup ${mine!.toFixed(2)} s, pg_basebackup ${peer!.toFixed(2)} s: ${(peer! / mine!).toFixed(2)} times its speed, ${rss} MB of memory`,
        );
      }
      console.log(`restore of ${restore.clusterMb} MB: ${restore.seconds.toFixed(1)} s`);
      console.log(describeChatting(chatting));
    });
}

function describeChatting({ messagesPerSecond, p99Ms, backupSeconds, toMoment, afterLoss }: WhileChatting): string {
  const found = ({ acknowledged, lost }: typeof toMoment | typeof afterLoss) =>
    `of ${acknowledged} acknowledged messages ${lost.length} lost or with a gap${lost[0] ? ` (${lost[0]})` : ""}`;
  return [
    `${messagesPerSecond} messages a second: p99 of a send ${p99Ms.without} ms, ${p99Ms.during} ms while a backup was made ` +
      `(${backupSeconds.toFixed(1)} s): ${(p99Ms.during / p99Ms.without).toFixed(2)} times`,
    `restored to a moment in ${toMoment.seconds.toFixed(1)} s: ${found(toMoment)}, ${toMoment.tooLate} of after it`,
    `everything but the copy lost, restored in ${afterLoss.seconds.toFixed(1)} s: ${found(afterLoss)}; ` +
      `the newest message is of ${afterLoss.lostSeconds.toFixed(1)} s before the loss`,
  ].join("\n");
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
