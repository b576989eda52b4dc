import type { Socket } from "node:net";
import pg from "pg";

/** connectionOptions() makes them. */
export type ClientOptions = pg.ClientConfig & {
  /** sent with the request to connect */
  startup: Record<string, string>;
  /** false: statements are not prepared under names, because a pooler runs each on another connection */
  hasNamedStatements: boolean;
  group: ClientGroup;
};

/** Connections to one database that are opened and closed together. */
export type ClientGroup = {
  clients: Set<DatabaseClient>;
  /** A connection that owes an answer and sends nothing for this long is terminated; null: never. */
  maxSilenceMs: number | null;
};

const tickMs = 1_000;
/** The time that a connection has for its goodbye. */
const endMs = 2_000;

/** Parts of the driver that its types leave out. */
type Driver = { connection: { stream: Socket }; readyForQuery?: boolean };

/**
 * A connection that notices when the other end has gone without a word, as when a firewall drops its packets. TCP would
 * notice after about 15 minutes, and the driver's own `query_timeout` leaves the dead connection in the pool.
 */
export class DatabaseClient extends pg.Client {
  /** as the server told it; a pooler makes one up */
  declare readonly processID: number | null;
  private readonly options: ClientOptions;
  private readonly timer: NodeJS.Timeout;
  private bytesRead = 0;
  /** since the last byte arrived */
  private silentMs = 0;
  /** since the last byte arrived while an answer was owed */
  private owedMs = 0;

  constructor(options: ClientOptions) {
    super(options);
    this.options = options;
    if (!options.hasNamedStatements) this.query = withoutNames(this.query);
    options.group.clients.add(this);
    this.timer = setInterval(() => this.watch(), tickMs).unref();
    this.once("end", () => this.forget());
  }

  /** Overrides the driver's, which would add the variables PGOPTIONS and PGREPLICATION. */
  getStartupConf(): Record<string, string> {
    const { user, database, application_name: applicationName, startup } = this.options;
    return { user: user!, database: database!, application_name: applicationName!, ...startup };
  }

  override end(): Promise<void>;
  override end(callback: (error: Error) => void): void;
  override end(callback?: (error: Error) => void): Promise<void> | void {
    // Nobody answers the goodbye on a dead connection.
    const timer = setTimeout(() => this.stream.destroy(), endMs).unref();
    this.once("end", () => clearTimeout(timer));
    if (!callback) return super.end().finally(() => this.forget());
    super.end(error => {
      this.forget();
      callback(error);
    });
  }

  /** Ends it at once; running statements fail. */
  terminate(reason: string): void {
    this.stream.destroy(Object.assign(new Error(reason), { code: "ETIMEDOUT" }));
  }

  private get stream(): Socket {
    return (this as unknown as Driver).connection.stream;
  }

  private watch(): void {
    const { maxSilenceMs, clients } = this.options.group;
    const { bytesRead } = this.stream;
    const isHeard = bytesRead !== this.bytesRead;
    this.bytesRead = bytesRead;
    this.silentMs = isHeard ? 0 : this.silentMs + tickMs;
    const owesAnswer = (this as unknown as Driver).readyForQuery === false;
    this.owedMs = isHeard || !owesAnswer ? 0 : this.owedMs + tickMs;
    if (maxSilenceMs === null || this.owedMs < maxSilenceMs) return;
    const reason = `PostgreSQL did not answer for ${this.owedMs / 1000} s`;
    this.terminate(reason);
    // Those that were silent as long, give or take a tick, may be dead too. Each would cost somebody the same wait.
    const silentMs = this.owedMs - tickMs;
    for (const peer of clients) {
      if (peer !== this && peer.silentMs >= silentMs) peer.terminate(reason);
    }
  }

  private forget(): void {
    clearInterval(this.timer);
    this.options.group.clients.delete(this);
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
