import { type Logger, pino } from "pino";
import type { Config } from "./config.ts";

/** What every room may log with; pino's logger and the console fit. */
export type Log = Record<"debug" | "info" | "warn" | "error", (message: string) => void>;

/**
 * Logs to stderr, a JSON object a line. Of an error only what helps: the driver's own carry a whole connection.
 * @param process  which of several processes says it; absent when there is one
 */
export const createLog = ({ logLevel }: Pick<Config, "logLevel">, process?: number | "primary"): Logger =>
  pino(
    {
      level: logLevel,
      base: process === undefined ? null : { process },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: {
        err: (error: Error & { code?: string }) => ({ message: error.message, code: error.code, stack: error.stack }),
      },
    },
    pino.destination({ dest: 2, sync: true }),
  );
