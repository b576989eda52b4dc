import type pg from "pg";

/**
 * What the load generator needs of a system under test: to start it beside an empty database, to let people talk over
 * it, and to read what it stored. Ours and the reference implement the same.
 */
export type SystemUnderTest = {
  title: string;
  /**
   * Starts the servers in processes of their own, which end with this one.
   * @param p.databaseUrl  an empty database
   * @param p.websites     how many, numbered from 0, each with one agent
   */
  start(p: { databaseUrl: string; websites: number }): Promise<Running>;
};

export type Running = {
  /** a module's URL whose `openDriver` the generator's processes call with `place` */
  driverModule: string;
  /** where the server is and by which secrets people come in: it travels as JSON */
  place: unknown;
  /** the server's processes at this moment, without PostgreSQL and Redis */
  pids(): number[];
  /** Every conversation's messages in the order that is stored, those of its beginning included. */
  listStored(client: pg.ClientBase): Promise<Stored[]>;
  /** Ends all that start() began; the database stays. */
  stop(): Promise<void>;
};

export type Stored = { conversation: string; bodies: string[] };

/** What a system's chat module exports. */
export type OpenDriver = (place: never) => Chat;

/** How people take part. Each resolves when they are connected and hear all that is said from then on. */
export type Chat = {
  /** @param p.localAddress  of 127.0.0.0/8, from which the socket comes */
  openVisitor(p: {
    website: number;
    localAddress: string;
    /** what the agent wrote, each once and in order */
    onMessage(body: string): void;
  }): Promise<Visitor>;
  openAgent(p: {
    website: number;
    localAddress: string;
    /** what visitors of the website wrote, each once and in a conversation's order */
    onMessage(conversation: string, body: string): void;
  }): Promise<Agent>;
};

export type Visitor = {
  /** Resolves when it is acknowledged as committed. The first begins the conversation. */
  send(body: string): Promise<void>;
  close(): void;
};

export type Agent = {
  send(conversation: string, body: string): Promise<void>;
  close(): void;
};
