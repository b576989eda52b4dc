import type { Socket } from "node:net";
import pg from "pg";

/** connectionOptions() makes them. */
export type ClientOptions = pg.ClientConfig & {
  /** sent with the request to connect */
  startup: Record<string, string>;
  /** false: statements are not prepared under names, because a pooler runs each on another connection */
  hasNamedStatements: boolean;
  /** It joins them while it is open: see watch.ts. */
  clients: Set<DatabaseClient>;
};

/** The time that a connection has for its goodbye. */
const endMs = 2_000;

/** Parts of the driver that its types leave out. */
type Driver = { connection: { stream: Socket }; readyForQuery?: boolean };

/** A connection to PostgreSQL that takes nothing from the environment, and that can be ended without an answer. */
export class DatabaseClient extends pg.Client {
  /** as the server sent it; a pooler makes one up */
  declare readonly processID: number | null;
  /** the time without a byte from the server */
  silentMs = 0;
  /** the part of it in which the server owed an answer */
  owedMs = 0;
  private bytesRead = 0;
  private readonly options: ClientOptions;

  constructor(options: ClientOptions) {
    super(options);
    this.options = options;
    if (!options.hasNamedStatements) this.query = withoutNames(this.query);
    options.clients.add(this);
    this.once("end", () => options.clients.delete(this));
  }

  /** Overrides the driver's, which would add the variables PGOPTIONS and PGREPLICATION. */
  getStartupConf(): Record<string, string> {
    const { user, database, application_name: applicationName, startup } = this.options;
    return { user: user!, database: database!, application_name: applicationName!, ...startup };
  }

  override end(): Promise<void>;
  override end(callback: (error: Error) => void): void;
  override end(callback?: (error: Error) => void): Promise<void> | void {
    // A dead connection answers no goodbye.
    const timer = setTimeout(() => this.stream.destroy(), endMs).unref();
    this.once("end", () => clearTimeout(timer));
    return callback ? super.end(callback) : super.end();
  }

  /** Ends it at once; running statements fail. */
  terminate(reason: string): void {
    this.stream.destroy(Object.assign(new Error(reason), { code: "ETIMEDOUT" }));
  }

  /** To be called every `ms`. */
  measureSilence(ms: number): void {
    const { bytesRead } = this.stream;
    const isHeard = bytesRead !== this.bytesRead;
    this.bytesRead = bytesRead;
    this.silentMs = isHeard ? 0 : this.silentMs + ms;
    const owesAnswer = (this as unknown as Driver).readyForQuery === false;
    this.owedMs = isHeard || !owesAnswer ? 0 : this.owedMs + ms;
  }

  private get stream(): Socket {
    return (this as unknown as Driver).connection.stream;
  }
}

type QueryFunction = pg.Client["query"];

function withoutNames(query: QueryFunction): QueryFunction {
  return function (this: pg.Client, statement: object | string, ...rest: unknown[]) {
    const unnamed =
      typeof statement === "object" && "name" in statement ? { ...statement, name: undefined } : statement;
    return Reflect.apply(query, this, [unnamed, ...rest]);
  } as QueryFunction;
}
