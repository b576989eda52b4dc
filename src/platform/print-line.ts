const names: Record<number, string> = { 20: "DEBUG", 30: "INFO", 40: "WARN", 50: "ERROR", 60: "FATAL" };

type Line = {
  level: number;
  time: string;
  msg?: string;
  part?: string;
  err?: { message: string; code?: string; stack?: string; cause?: string };
} & Record<string, unknown>;

/** A line of the log for a person: time, level, part, what happened, then the fields; below it where an error was thrown. */
export function printLine(json: string): string {
  const { level, time, msg, part, err, ...fields } = JSON.parse(json) as Line;
  const head = [time.slice(11, 23), (names[level] ?? "").padEnd(5), ...(part ? [`[${part}]`] : []), msg ?? ""];
  const values = Object.entries(fields).map(([name, value]) => `${name}=${printValue(value)}`);
  const error = err ? [`error=${printValue(err.message)}`, ...(err.code ? [`code=${err.code}`] : [])] : [];
  const stack = err?.stack?.split("\n").slice(1).join("\n");
  return `${[...head, ...values, ...error].join(" ").trimEnd()}\n${stack ? `${stack}\n` : ""}`;
}

/** Without quotes if it is one word. */
function printValue(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return /[\s"]/.test(text) && typeof value === "string" ? JSON.stringify(text) : text;
}
