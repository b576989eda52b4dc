import type { Opened } from "./serve.ts";

/** What stands at the port: this process, or the processes that it watches over. Until it is opened it answers 503. */
export type Front = {
  port: number;
  /** Resolves when it serves. @throws AppError that says what to do */
  open(opened: Opened): Promise<void>;
  /** Lets the sockets leave, and ends it; may be called again. */
  stop(): Promise<void>;
};
