import { type Config, readConfig } from "#platform/config.ts";
import type { Log } from "#platform/log.ts";
import { type LogLevel, logLevels, parseLogLevels } from "#platform/log-levels.ts";
import { AppError } from "#protocol/errors.ts";

/**
 * Makes the action of a command: reads the configuration, runs `work`, and turns any failure into one line and status 1.
 * @param work  returns false if it found a problem
 * @param given  the settings that the command's options set, by their names in the environment
 */
export function runCommand<Options>(
  work: (config: Config, log: Log, options: Options, args: string[]) => Promise<boolean>,
  given: (options: Options) => Record<string, string> = () => ({}),
): (this: { args: string[]; optsWithGlobals(): Options }) => Promise<void> {
  return async function () {
    let config: Config | null = null;
    try {
      const options = this.optsWithGlobals();
      config = readConfig(undefined, given(options));
      process.exitCode = (await work(config, terminalLog(parseLogLevels(config.logLevel).level), options, this.args))
        ? 0
        : 1;
    } catch (error) {
      console.error(explain(error, config !== null && parseLogLevels(config.logLevel).level === "debug"));
      process.exitCode = 1;
    }
  };
}

function explain(error: unknown, withStack: boolean): string {
  const message = error instanceof Error ? error.message : String(error);
  const line = message.replace(/\s+/g, " ");
  if (withStack && error instanceof Error) return `${line}\n${error.stack}`;
  return error instanceof AppError ? line : `Unexpected error: ${line}. Set LOG_LEVEL=debug to see where.`;
}

/** Logs plain lines to stderr: stdout is for the command's result. */
function terminalLog(minLevel: LogLevel): Log {
  const shown = logLevels.slice(logLevels.indexOf(minLevel));
  const writer = (level: LogLevel) => (message: string) => {
    if (shown.includes(level)) console.error(message);
  };
  return { debug: writer("debug"), info: writer("info"), warn: writer("warn"), error: writer("error") };
}
