import type pg from "pg";

/** What is read from every schema; the keys are used in the report, the texts in tables and charts. */
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

/** What a question is about, by the product's keys. A peer looks up its own keys before the clock runs. */
export type Target = {
  websiteId: number;
  conversationId: string;
  visitorId: string;
  /** an agent of the website, whose inbox is read */
  agentId: string;
  /** a page in the middle ends before this message; 0 for other questions */
  beforeSeq: number;
  beforeAt: Date;
};

/** The lines that must be equal for every schema; computed from the rows after the clock has stopped. */
export type Answer = () => string[];
export type Reader = (target: Target) => Promise<Answer>;
export type Readers = Partial<Record<Question, Reader>>;
export type Writer = (target: Target, body: string) => Promise<unknown>;

/** Another product's data model, in a PostgreSQL schema of its own beside the product's tables. */
export type Peer = {
  name: string;
  title: string;
  /** the PostgreSQL schema; dropped afterwards */
  schema: string;
  messages: string;
  tables: string;
  /** statements that fill the tables from the product's, messages in the order of time */
  fill: string[];
  indexes: string[];
  /** as indexes, but slow to build */
  trigrams: string[];
  /** @param targets  all that will be read: keys are looked up before the clock runs */
  readers(client: pg.Client, targets: Target[]): Promise<Readers>;
  /** reads as the documentation writes them, where that differs from the best it could do */
  asWritten?: (client: pg.Client) => Readers;
  writer(client: pg.Client, targets: Target[]): Promise<Writer>;
};

/** A message as a line. Ids differ between schemas, time and body do not. */
export const messageLine = (at: Date, body: string) => `${at.getTime()} ${body}`;

/** Peers count up to ten. */
export const unreadLine = (count: number) => `${Math.min(count, 10)} unread`;

/** @param key  the conversation's random key: see randomKeyOf() */
export const rowLine = (at: Date, key: string, unread: number) => `${at.getTime()} ${key} ${unreadLine(unread)}`;
