import type { Socket } from "node:net";
import pg from "pg";
import { nameOf } from "#database/statements/prepared-name.ts";
import { nameStatement } from "#database/statements/query-names.ts";
import { type Observe, StatementClock } from "./observe.ts";

/** connectionOptions() makes them. */
export type ClientOptions = pg.ClientConfig & {
  /** sent with the request to connect */
  startup: Record<string, string>;
  /** false: statements are not prepared under names, because a pooler runs each on another connection */
  hasNamedStatements: boolean;
  /** It joins them while it is open: see watch.ts. */
  clients: Set<DatabaseClient>;
  /** absent: its statements are not measured */
  observe?: Observe | undefined;
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
  /** null: statements are not measured */
  readonly clock: StatementClock | null;
  private readonly options: ClientOptions;

  constructor(options: ClientOptions) {
    super(options);
    this.options = options;
    this.clock = options.observe ? new StatementClock(options.observe) : null;
    this.query = (options.hasNamedStatements ? send : sendUnnamed) as QueryFunction;
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
type Callback = (error: Error | null, result?: pg.QueryResult) => void;

/** Sends a statement with the name of its query, and measures it. What is no statement, such as COPY, is sent as it is. */
function send(this: DatabaseClient, statement: string | pg.QueryConfig | pg.Submittable, ...rest: unknown[]): unknown {
  if (typeof statement === "object" && "submit" in statement) return sendAsItIs.call(this, statement, ...rest);
  const named = nameOfQuery(statement);
  const answered = this.clock?.start(typeof named === "string" ? named : named.text);
  if (!answered) return sendAsItIs.call(this, named, ...rest);
  const callback = rest.at(-1);
  if (typeof callback === "function") {
    const measured: Callback = (error, result) => {
      answered(error ? null : result!);
      (callback as Callback)(error, result);
    };
    return sendAsItIs.call(this, named, ...rest.slice(0, -1), measured);
  }
  return (sendAsItIs.call(this, named, ...rest) as Promise<pg.QueryResult>).then(
    result => {
      answered(result);
      return result;
    },
    error => {
      answered(null);
      throw error;
    },
  );
}

/** As send(), for poolers that keep no prepared statements. */
function sendUnnamed(this: DatabaseClient, statement: object | string, ...rest: unknown[]): unknown {
  const unnamed = typeof statement === "object" && "name" in statement ? { ...statement, name: undefined } : statement;
  return send.call(this, unnamed as pg.QueryConfig, ...rest);
}

function sendAsItIs(this: pg.Client, ...args: unknown[]): unknown {
  return Reflect.apply(pg.Client.prototype.query, this, args);
}

/** A prepared statement with another text needs another name. */
function nameOfQuery(statement: string | pg.QueryConfig): string | pg.QueryConfig {
  if (typeof statement === "string") return nameStatement(statement);
  const text = nameStatement(statement.text);
  if (text === statement.text) return statement;
  return { ...statement, text, ...(statement.name && { name: nameOf(text) }) };
}
