/** What the database rooms say while they work; pino's logger and the console fit. */
export type Log = Record<"debug" | "info" | "warn" | "error", (message: string) => void>;
