import type pg from "pg";

/**
 * A chat server that the load generator measures. The generator starts it beside an empty database, chats through its
 * driver, and reads what it stored. Ours and the reference implement the same.
 */
export type SystemUnderTest = {
  title: string;
  /**
   * Starts the servers as processes that end with this one.
   * @param p.databaseUrl  an empty database
   * @param p.websites     how many, numbered from 0, each with one agent
   */
  start(p: { databaseUrl: string; websites: number }): Promise<RunningSystem>;
};

export type RunningSystem = {
  /** URL of a module whose `openDriver` the generator's workers call with `access` */
  driverModule: string;
  /** the server's address and the secrets that let clients in; sent to the workers as JSON */
  access: unknown;
  /** the server's processes at this moment, without PostgreSQL and Redis */
  pids(): number[];
  /** All messages of each conversation in stored order, its first one included. */
  listStored(client: pg.ClientBase): Promise<Stored[]>;
  /** Ends what start() began; the database stays. */
  stop(): Promise<void>;
};

export type Stored = { conversation: string; bodies: string[] };

/** The export of a driver module. */
export type OpenDriver = (access: never) => Driver;

/** Connects clients for the generator. Each method resolves when the client is connected and receives messages. */
export type Driver = {
  /** @param p.localAddress  source address of the socket, of 127.0.0.0/8 */
  openVisitor(p: {
    website: number;
    localAddress: string;
    /** called for each message of the agent, once and in order */
    onMessage(body: string): void;
  }): Promise<Visitor>;
  openAgent(p: {
    website: number;
    localAddress: string;
    /** called for each message of the website's visitors, once and in the conversation's order */
    onMessage(conversation: string, body: string): void;
  }): Promise<Agent>;
};

export type Visitor = {
  /** Resolves when the message is acknowledged as committed. The first message begins the conversation. */
  send(body: string): Promise<void>;
  viewPage(url: string): void;
  type(): void;
  /** Resolves when it is stored that the visitor has read all messages that they received. */
  markRead(): Promise<void>;
  /** After close(): the same visitor connects again. Resolves as openVisitor() does. */
  comeBack(): Promise<void>;
  close(): void;
};

export type Agent = {
  send(conversation: string, body: string): Promise<void>;
  type(conversation: string): void;
  /** Resolves when it is stored that the website's agents have read all messages of the conversation. */
  markRead(conversation: string): Promise<void>;
  resolve(conversation: string): Promise<void>;
  close(): void;
};
