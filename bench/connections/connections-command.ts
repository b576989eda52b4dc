import { Command } from "commander";
import { wholeNumber, withPublishOptions } from "#bench/report/options.ts";
import type { Options } from "./connections-report.ts";

export const connectionsCommand = () =>
  withPublishOptions(
    new Command("connections")
      .description("many visitors: time to connect, memory beside bare ws, delays of messages, restarts")
      .option("--visitors <n>", "who are connected and do not write", wholeNumber(1, 250_000), 50_000)
      .option("--processes <n>", "of the server", wholeNumber(1, 64), 3)
      .option("--messages-per-second <n>", "half by visitors, half by agents", wholeNumber(1, 20_000), 1_000)
      .option("--seconds <n>", "of messages", wholeNumber(1, 600), 30)
      .option("--rest <n>", "seconds before memory is read, more than two heartbeats", wholeNumber(0, 600), 60)
      .option("--authors <n>", "visitors who write; each may send 20 messages in 10 s", wholeNumber(1, 20_000), 1_000)
      .option("--agents <n>", "of one website each; each may send 100 in 10 s", wholeNumber(1, 5_000), 64)
      .option("--workers <n>", "processes of the generator; default: one for 12,500 visitors", wholeNumber(1, 64)),
  ).action(async (options: Options) => {
    const { runConnections } = await import("./run-connections.ts");
    await runConnections(options);
  });
