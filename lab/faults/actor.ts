import { openStorage } from "#client/storage.ts";
import { messagesOf } from "#client/store.ts";
import type { AgentClient, VisitorClient } from "#lab/actors/people.ts";
import type { Author } from "#lab/history/history.ts";
import type { Recorder } from "#lab/history/recorder.ts";
import type { Conversation } from "#protocol/conversations.ts";
import { limits } from "#protocol/limits.ts";
import type { Message } from "#protocol/messages.ts";
import type { Random } from "#sample-data/random.ts";
import { openDashboard, openWidget } from "./pages.ts";
import type { Client } from "./recorded-client.ts";

/** A visitor or an agent with pages. They act at random, on what their pages show. */
export type Actor = {
  name: string;
  author: Author;
  clients(): Client[];
  /** Continues what is in progress. */
  update(): void;
  /** Writes, edits, deletes, reads, types or opens another page. */
  act(): void;
  /** Sends messages at once, unless earlier ones wait: at 20 in 10 s, bursts that add up would wait for minutes. */
  sendMany(count: number): void;
  /** Edits or deletes its newest message of each conversation, on which previews and counts depend. */
  changeNewest(): void;
  /** Reloads one page, also while it sends. */
  reload(): void;
  /** Closes all pages. */
  close(): void;
};

const maxUnsent = 5;
/** of edits and deletions */
const deletionShare = 0.3;
/** Visitors may edit and delete for a limited time, and a change may have to wait before it is sent. */
const maxAgeMs = limits.visitorEditMs / 2;

type Common = { name: string; url: string; random: Random; recorder: Recorder };

/** @param tabs  pages that the visitor opens over time, all with one outbox */
export function createVisitorActor(common: Common, visitor: VisitorClient, websiteId: number, tabs: number): Actor {
  const { name, url, random, recorder } = common;
  const author: Author = { kind: "visitor", id: subjectOf(visitor.session.token), websiteIds: [websiteId] };
  const outbox = openStorage(null, "");
  let hasWritten = false;
  const open = () => openWidget({ name, url, author, outbox, recorder }, visitor, () => hasWritten);
  const pages = [open()];

  function write(page: Client) {
    hasWritten = true;
    const body = recorder.write(name, author, "text", "Words");
    page.sync.send({ conversationId: newestOf(page), websiteId: null, kind: "text", body });
  }

  return {
    ...actorOf(name, author, pages, random, open),
    act() {
      const page = random.pick(pages);
      const conversationId = newestOf(page);
      const choice = random.unit();
      if (!conversationId || choice < 0.5) return mayWrite(page) ? write(page) : undefined;
      if (choice < 0.7) return changeOwn(page, conversationId, author, random);
      // Other pages get a conversation by an event, or when they are opened.
      if (pages.length < tabs) pages.push(open());
      const seq = page.sync.getState().conversations[conversationId]!.lastSeq;
      if (choice < 0.85) return page.sync.markRead(conversationId, seq);
      if (choice < 0.95) return page.sync.setTyping(conversationId, true);
      page.sync.signal("page.view", { url: `https://shop.example/${recorder.history.sent.length}`, title: "Another" });
    },
    sendMany(count) {
      const page = random.pick(pages);
      if (mayWrite(page)) for (let i = 0; i < count; i++) write(page);
    },
  };
}

/** @param websiteIds  of the agent, whose pages show all of their conversations */
export function createAgentActor(common: Common, agent: AgentClient, websiteIds: number[]): Actor {
  const { name, url, random, recorder } = common;
  const author: Author = { kind: "agent", id: agent.me.user.id, websiteIds };
  const outbox = openStorage(null, "");
  const open = () => openDashboard({ name, url, author, outbox, recorder }, agent);
  const pages = [open()];

  function pickConversation(page: Client) {
    // An agent's pages hold conversations as agents see them.
    const rows = Object.values(page.sync.getState().conversations) as Conversation[];
    return rows.length > 0 ? random.pick(rows) : null;
  }

  function write(page: Client, kind: "text" | "note") {
    const row = pickConversation(page);
    if (!row) return;
    const body = recorder.write(name, author, kind, kind === "note" ? "Note" : "Answer");
    page.sync.send({ conversationId: row.id, websiteId: row.websiteId, kind, body });
  }

  return {
    ...actorOf(name, author, pages, random, open),
    act() {
      const page = random.pick(pages);
      const choice = random.unit();
      if (choice < 0.6) return mayWrite(page) ? write(page, choice < 0.45 ? "text" : "note") : undefined;
      const row = pickConversation(page);
      if (!row) return;
      if (choice < 0.8) return changeOwn(page, row.id, author, random);
      const { websiteId, id: conversationId, lastSeq: seq } = row;
      if (choice < 0.92) return page.sync.markRead(conversationId, seq);
      if (choice < 0.96) return page.sync.setTyping(conversationId, true);
      // The result comes as an event; an assignment that fails is tried again another time.
      const assigneeId = row.assignee ? null : author.id;
      agent
        .call("POST", `/websites/${websiteId}/conversations/${conversationId}/assign`, { assigneeId })
        .catch(() => {});
    },
    sendMany(count) {
      const page = random.pick(pages);
      if (mayWrite(page)) for (let i = 0; i < count; i++) write(page, "text");
    },
  };
}

function actorOf(name: string, author: Author, pages: Client[], random: Random, open: () => Client) {
  return {
    name,
    author,
    clients: () => pages,
    update() {
      for (const page of pages) page.update();
    },
    changeNewest() {
      const [page] = pages;
      for (const conversationId of Object.keys(page?.sync.getState().threads ?? {})) {
        const newest = listOwn(page!, conversationId, author).at(-1);
        if (newest) page!.change(newest, random.chance(0.5));
      }
    },
    reload() {
      const nth = random.below(pages.length);
      pages[nth]!.close();
      pages[nth] = open();
    },
    close() {
      for (const page of pages.splice(0)) page.close();
    },
  };
}

/** Edits or deletes a message that the actor wrote lately. */
function changeOwn(page: Client, conversationId: string, author: Author, random: Random): void {
  const own = listOwn(page, conversationId, author);
  if (own.length > 0 && page.sync.getState().changes.length < maxUnsent)
    page.change(random.pick(own), random.chance(deletionShare));
}

function listOwn({ sync }: Client, conversationId: string, author: Author): Message[] {
  const since = Date.now() - maxAgeMs;
  return messagesOf(sync.getState(), conversationId).filter(
    message => isBy(author, message) && !message.deletedAt && Date.parse(message.createdAt) > since,
  );
}

/** A visitor's pages show only the visitor's own conversations. */
const isBy = ({ kind, id }: Author, message: Message) =>
  message.author === kind && (kind === "visitor" || message.authorId === id);

/** People stop writing when they see that nothing is sent. */
const mayWrite = ({ sync }: Client) => sync.getState().outbox.length < maxUnsent;

/** Ids grow with time: the conversation that takes messages is the newest. */
export const newestOf = ({ sync }: Client): string | null =>
  Object.keys(sync.getState().conversations).sort().at(-1) ?? null;

const subjectOf = (token: string): string => JSON.parse(String(Buffer.from(token.split(".")[1]!, "base64url"))).sub;
