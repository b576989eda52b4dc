import { type DestinationStream, type Logger, pino } from "pino";
import type { Config } from "./config.ts";
import { type LogPart, parseLogLevels } from "./log-levels.ts";
import { printLine } from "./print-line.ts";
import { summarizeRepeated } from "./repeated-lines.ts";
import { currentContext } from "./requests/request-context.ts";

/** The logger that every room takes; pino's logger and the console fit. */
export type Log = Record<"debug" | "info" | "warn" | "error", (message: string) => void>;

/** Of lines that stderr does not take. */
const maxWaitingBytes = 1_000_000;

type Settings = Pick<Config, "logLevel" | "logFormat">;

/**
 * Logs to stderr, one JSON object per line, or text where a person reads it. Each line has the id of its request. Of an error
 * it logs message, code, stack and the cause's message only: the driver's errors carry a whole connection, and the values that
 * a statement was refused for.
 * @param process  names the process if there are several
 * @param stderr  for tests
 */
export const createLog = (
  { logLevel, logFormat }: Settings,
  process?: number | "primary",
  stderr: DestinationStream = openStderr(),
): Logger =>
  pino(
    {
      level: parseLogLevels(logLevel).level,
      base: process === undefined ? null : { process },
      timestamp: pino.stdTimeFunctions.isoTime,
      mixin: readRequest,
      hooks: { logMethod: summarizeRepeated() },
      serializers: {
        err: ({ message, code, stack, cause }: Error & { code?: string }) => ({
          message,
          code,
          stack,
          ...(cause instanceof Error && { cause: cause.message }),
        }),
      },
    },
    logFormat === "text" ? { write: line => stderr.write(printLine(line)) } : stderr,
  );

/** The logger of a part, with the level that LOG_LEVEL gives it. */
export function logOf(log: Logger, part: LogPart, { logLevel }: Pick<Config, "logLevel">): Logger {
  const { level, parts } = parseLogLevels(logLevel);
  return log.child({ part }, { level: parts.get(part) ?? level });
}

/** Nothing, while no request or batch is worked for. */
function readRequest(): object {
  const { request, batch } = currentContext();
  if (request !== null) return { request };
  return batch?.length === 1 ? { request: batch[0] } : {};
}

/** After its terminal has closed, the log has no reader: lines are dropped, also while a reader is slow. */
function openStderr() {
  const stderr = pino.destination({ dest: 2, sync: true, maxLength: maxWaitingBytes });
  stderr.on("error", () => {});
  return stderr;
}
