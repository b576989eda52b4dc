import type { Server } from "socket.io";

/** The reference's events, and the data that its clients need to connect. */

/** The reference's address, and the secret that signs its clients' tokens. */
export type Access = { url: string; secret: string };

/** The owner of a token. A visitor has a conversation after their first message. */
export type Person = { role: "visitor" | "agent"; id: string; websiteId: number; conversationId?: string };

export type Message = {
  id: string;
  conversationId: string;
  senderType: Person["role"];
  senderId: string;
  content: string;
  createdAt: string;
};

export type Ack<Result> = (reply: Result | { error: string }) => void;

export type ToServer = {
  /** An agent names the conversation; a visitor has one. */
  message(message: { conversationId?: string; content: string }, ack: Ack<Message>): void;
  /** The sender's side has read the other side's messages. A visitor names no conversation. */
  read(conversationId: string | undefined, ack: Ack<{ unread: number }>): void;
  resolve(conversationId: string, ack: Ack<Record<never, never>>): void;
  typing(conversationId?: string): void;
  page(url: string): void;
};

export type ToClient = {
  /** @param unread  how many of the visitor's messages no agent has read */
  message(message: Message, unread: number): void;
  read(conversationId: string, role: Person["role"]): void;
  resolved(conversationId: string): void;
  typing(conversationId: string, role: Person["role"]): void;
  page(visitorId: string, url: string): void;
};

export type ChatServer = Server<ToServer, ToClient, Record<never, never>, Person>;
