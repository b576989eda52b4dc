import type { Logger, LoggerOptions } from "pino";

type LogMethod = NonNullable<NonNullable<LoggerOptions["hooks"]>["logMethod"]>;
type Args = Parameters<LogMethod>[0];
type Write = Parameters<LogMethod>[1];

/** A line that was written, and how often it was not since then. */
type Line = { logger: Logger; args: Args; write: Write; dropped: number; writtenAt: number };

const everyMs = 60_000;
/** More different lines than this within a minute are no flood of one line. */
const maxLines = 1_000;
const debugLevel = 20;

/**
 * For pino: a line that repeats is written at once, and then once a minute with the number of times that it was dropped. Lines
 * are the same if their level, part, message, query and error are. Lines of the level debug are all written: somebody reads them.
 */
export function summarizeRepeated(): LogMethod {
  const lines = new RepeatedLines();
  return function (args, write, level) {
    if (level <= debugLevel || lines.mayWrite(this, args, write, level)) write.apply(this, args);
  };
}

class RepeatedLines {
  private readonly lines = new Map<string, Line>();
  private timer: NodeJS.Timeout | null = null;

  mayWrite(logger: Logger, args: Args, write: Write, level: number): boolean {
    const key = keyOf(logger, args, level);
    const line = this.lines.get(key);
    if (line) {
      line.dropped++;
      return false;
    }
    if (this.lines.size < maxLines) this.lines.set(key, { logger, args, write, dropped: 0, writtenAt: Date.now() });
    this.timer ??= setInterval(() => this.writeCounts(), everyMs / 6).unref();
    return true;
  }

  private writeCounts(): void {
    const now = Date.now();
    for (const [key, line] of this.lines) {
      if (now - line.writtenAt < everyMs) continue;
      if (line.dropped === 0) this.lines.delete(key);
      else {
        line.write.apply(line.logger, addCount(line.args, line.dropped));
        Object.assign(line, { dropped: 0, writtenAt: now });
      }
    }
    if (this.lines.size > 0 || this.timer === null) return;
    clearInterval(this.timer);
    this.timer = null;
  }
}

/** pino takes fields and a message, an error and a message, or a message alone. */
function addCount(args: Args, repeated: number): Args {
  const [first, ...rest] = args as unknown[];
  const counted =
    typeof first === "object" ? [{ ...fieldsOf(first), repeated }, ...rest] : [{ repeated }, first, ...rest];
  return counted as unknown as Args;
}

const fieldsOf = (first: object | null): object => (first instanceof Error ? { err: first } : (first ?? {}));

function keyOf(logger: Logger, args: Args, level: number): string {
  const [first, message] = args as unknown[];
  const { part } = logger.bindings();
  if (typeof first !== "object") return [level, part, first].join(" ");
  const { err, query } = fieldsOf(first) as { err?: Error & { code?: string }; query?: string };
  return [level, part, message, query, err?.code ?? err?.message].join(" ");
}
