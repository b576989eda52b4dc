import { openStorage } from "#client/storage.ts";
import type { Author } from "#lab/history/history.ts";
import type { Recorder } from "#lab/history/recorder.ts";
import type { Conversation } from "#protocol/conversations.ts";
import type { Random } from "#sample-data/random.ts";
import type { AgentClient, VisitorClient } from "./people.ts";
import { type Client, openDashboard, openWidget } from "./recorded-clients.ts";

/** Somebody who chats: what they do, they do at random, with everything that their pages know. */
export type Person = {
  name: string;
  author: Author;
  clients(): Client[];
  /** Goes on with what is under way. */
  look(): void;
  /** Says something, reads, types or looks around. */
  act(): void;
  /** Says many things at once. */
  paste(count: number): void;
  /** One page is loaded again, in the middle of whatever it does. */
  reload(): void;
  /** Closes all pages, for good when they do not come back. */
  close(): void;
};

const mostUnsent = 5;

type Told = { name: string; url: string; random: Random; recorder: Recorder };

/** @param tabs  pages that they open by and by, all with the same memory of what is unsent */
export function createVisitorPerson(told: Told, visitor: VisitorClient, websiteId: number, tabs: number): Person {
  const { name, url, random, recorder } = told;
  const author: Author = { kind: "visitor", id: subjectOf(visitor.session.token), websiteIds: [websiteId] };
  const outbox = openStorage(null, "");
  let hasWritten = false;
  const open = () => openWidget({ name, url, author, outbox, recorder }, visitor, () => hasWritten);
  const pages = [open()];

  function say(page: Client) {
    hasWritten = true;
    const body = recorder.write(name, author, "text", "Words");
    page.sync.send({ conversationId: newestOf(page), websiteId: null, kind: "text", body });
  }

  return {
    ...personOf(name, author, pages, random, open),
    act() {
      const page = random.pick(pages);
      const conversationId = newestOf(page);
      const what = random.unit();
      if (!conversationId || what < 0.7) return isHeard(page) ? say(page) : undefined;
      // Other pages learn of a conversation by what is told, or when they are opened.
      if (pages.length < tabs) pages.push(open());
      const seq = page.sync.getState().conversations[conversationId]!.lastSeq;
      if (what < 0.85) return page.sync.markRead(conversationId, seq);
      if (what < 0.95) return page.sync.setTyping(conversationId, true);
      page.sync.signal("page.view", { url: `https://shop.example/${recorder.history.sent.length}`, title: "Another" });
    },
    paste(count) {
      const page = random.pick(pages);
      for (let i = 0; i < count; i++) say(page);
    },
  };
}

/** @param websiteIds  theirs; they show all conversations of these */
export function createAgentPerson(told: Told, agent: AgentClient, websiteIds: number[]): Person {
  const { name, url, random, recorder } = told;
  const author: Author = { kind: "agent", id: agent.me.user.id, websiteIds };
  const outbox = openStorage(null, "");
  const open = () => openDashboard({ name, url, author, outbox, recorder }, agent);
  const pages = [open()];

  function pickConversation(page: Client) {
    // The pages of an agent know conversations as agents do.
    const rows = Object.values(page.sync.getState().conversations) as Conversation[];
    return rows.length > 0 ? random.pick(rows) : null;
  }

  function say(page: Client, kind: "text" | "note") {
    const row = pickConversation(page);
    if (!row) return;
    const body = recorder.write(name, author, kind, kind === "note" ? "Note" : "Answer");
    page.sync.send({ conversationId: row.id, websiteId: row.websiteId, kind, body });
  }

  return {
    ...personOf(name, author, pages, random, open),
    act() {
      const page = random.pick(pages);
      const what = random.unit();
      if (what < 0.8) return isHeard(page) ? say(page, what < 0.6 ? "text" : "note") : undefined;
      const row = pickConversation(page);
      if (!row) return;
      const { websiteId, id: conversationId, lastSeq: seq } = row;
      if (what < 0.92) return page.sync.markRead(conversationId, seq);
      if (what < 0.96) return page.sync.setTyping(conversationId, true);
      // What comes of it is told to all; a click that fails is clicked again another time.
      const assigneeId = row.assignee ? null : author.id;
      agent
        .call("POST", `/websites/${websiteId}/conversations/${conversationId}/assign`, { assigneeId })
        .catch(() => {});
    },
    paste(count) {
      const page = random.pick(pages);
      for (let i = 0; i < count; i++) say(page, "text");
    },
  };
}

function personOf(name: string, author: Author, pages: Client[], random: Random, open: () => Client) {
  return {
    name,
    author,
    clients: () => pages,
    look() {
      for (const page of pages) page.look();
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

/** Whoever sees that nothing goes out stops writing until it does. */
const isHeard = ({ sync }: Client) => sync.getState().outbox.length < mostUnsent;

/** Ids grow with time: the conversation that takes messages is the newest. */
export const newestOf = ({ sync }: Client): string | null =>
  Object.keys(sync.getState().conversations).sort().at(-1) ?? null;

const subjectOf = (token: string): string => JSON.parse(String(Buffer.from(token.split(".")[1]!, "base64url"))).sub;
