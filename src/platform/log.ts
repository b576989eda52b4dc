import { type Logger, pino } from "pino";
import type { Config } from "./config.ts";

/** The logger that every room takes; pino's logger and the console fit. */
export type Log = Record<"debug" | "info" | "warn" | "error", (message: string) => void>;

/** Of lines that stderr does not take. */
const maxWaitingBytes = 1_000_000;

/**
 * Logs to stderr, one JSON object per line. Of an error it logs message, code, stack and the cause's message only: the
 * driver's errors carry a whole connection.
 * @param process  names the process if there are several
 */
export const createLog = ({ logLevel }: Pick<Config, "logLevel">, process?: number | "primary"): Logger =>
  pino(
    {
      level: logLevel,
      base: process === undefined ? null : { process },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: {
        err: ({ message, code, stack, cause }: Error & { code?: string }) => ({
          message,
          code,
          stack,
          ...(cause instanceof Error && { cause: cause.message }),
        }),
      },
    },
    openStderr(),
  );

/** After its terminal has closed, the log has no reader: lines are dropped, also while a reader is slow. */
function openStderr() {
  const stderr = pino.destination({ dest: 2, sync: true, maxLength: maxWaitingBytes });
  stderr.on("error", () => {});
  return stderr;
}
