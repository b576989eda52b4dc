import type { Logger } from "pino";
import type { Config } from "#platform/config.ts";
import type { Metrics } from "#platform/metrics/metrics.ts";
import { closeDoor, listen } from "#server/http/listener.ts";
import type { Front } from "./front.ts";
import { serve } from "./serve.ts";

/**
 * Serves in this process.
 * @throws AppError "port_unavailable"
 */
export async function takePort(config: Config, log: Logger, metrics: Metrics): Promise<Front> {
  const door = await listen(config);
  let stop: () => Promise<void> = () => closeDoor(door, async () => {}, 0);
  return {
    port: door.port,
    async open(opened) {
      stop = (await serve(config, door, log, opened, metrics)).stop;
    },
    stop: () => stop(),
  };
}
