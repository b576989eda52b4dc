import type pg from "pg";

/** What every schema is asked, by the names that report, tables and charts use. */
export const questions = {
  "newest-50": "newest 50 messages of a conversation",
  "newest-50-long": "newest 50 messages of a conversation of 1,000 or more",
  "newest-1000": "newest 1,000 messages of a conversation",
  middle: "50 from the middle of 10,000 messages",
  "unread-conversation": "unread of a conversation",
  "unread-website": "unread of the largest website",
  inbox: "first inbox page of the largest website",
} as const;

export type Question = keyof typeof questions;

/** What a question is about, in the product's own keys; a peer finds its own by them before it is timed. */
export type Target = {
  websiteId: number;
  conversationId: string;
  visitorId: string;
  /** an agent of the website, who looks at the inbox */
  agentId: string;
  /** the message that a page in the middle ends before; 0 where nobody asks for one */
  beforeSeq: number;
  beforeAt: Date;
};

/** Lines that every schema must give alike, from what the database gave; computed after the clock has stopped. */
export type Answer = () => string[];
export type Reader = (target: Target) => Promise<Answer>;
export type Readers = Partial<Record<Question, Reader>>;
export type Writer = (target: Target, body: string) => Promise<unknown>;

/** Another product's data model, in a PostgreSQL schema of its own beside the product's tables. */
export type Peer = {
  name: string;
  title: string;
  /** the PostgreSQL schema; dropped whole afterwards */
  schema: string;
  messages: string;
  tables: string;
  /** statements that fill the tables from the product's, messages in the order of time */
  fill: string[];
  indexes: string[];
  /** as indexes, but slow to build */
  trigrams: string[];
  /** @param targets  whatever will be asked, so that keys can be looked up before the clock runs */
  readers(client: pg.Client, targets: Target[]): Promise<Readers>;
  /** what the product does when it is followed to the letter, where that differs from the best it could do */
  asWritten?: (client: pg.Client) => Readers;
  writer(client: pg.Client, targets: Target[]): Promise<Writer>;
};

/** A message as an answer's line. Ids differ from schema to schema; when something was said, and what, does not. */
export const messageLine = (at: Date, body: string) => `${at.getTime()} ${body}`;

/** Peers count no further than ten. */
export const unreadLine = (count: number) => `${Math.min(count, 10)} unread`;

/** @param key  the conversation's random key: see randomKeyOf() */
export const rowLine = (at: Date, key: string, unread: number) => `${at.getTime()} ${key} ${unreadLine(unread)}`;
