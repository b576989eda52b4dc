import type { Conversation } from "#protocol/conversations.ts";
import type { Head } from "#protocol/inbox.ts";
import type { AgentEvent } from "#protocol/socket.ts";
import { apply, type Change, keep, raise, type State } from "./store.ts";

type Heartbeat = Extract<AgentEvent, { event: "heartbeat" }>["data"];

/** The reducer of agents' clients: adds inboxes, counts and the presence of visitors. Never mutates. */
export function applyForAgent(state: State<Conversation>, change: Change): State<Conversation> {
  switch (change.event) {
    case "visitor.presence":
      return withPresence(state, change.data);
    case "heartbeat": {
      const { websites } = change.data as Heartbeat;
      const counts = { ...state.counts };
      const heads = { ...state.heads };
      for (const website of websites) {
        counts[website.websiteId] = website.counts;
        for (const head of website.heads) raise(heads, head.conversationId, head);
      }
      const deleted = websites.flatMap(({ heads }) => heads).filter(head => head.isDeleted);
      return deleted.reduce(withDeleted, { ...state, heads, counts });
    }
    case "conversations.loaded": {
      const conversations = { ...state.conversations };
      for (const id of change.data.removed) delete conversations[id];
      const rows = change.data.conversations as Conversation[];
      return rows.reduce(keep<Conversation>, { ...state, conversations });
    }
    case "inbox.counts":
    case "counts.loaded":
      return { ...state, counts: { ...state.counts, [change.data.websiteId]: change.data.counts } };
    default:
      return apply(state, change);
  }
}

/** This client has missed that a conversation was deleted. */
function withDeleted(state: State<Conversation>, { conversationId, version }: Head): State<Conversation> {
  const row = state.conversations[conversationId];
  if (!row || row.version >= version) return state;
  return keep(state, { ...row, version, deletedAt: new Date().toISOString() });
}

function withPresence(state: State<Conversation>, { visitorId, online }: { visitorId: string; online: boolean }) {
  const rows = Object.values(state.conversations).filter(
    ({ visitor }) => visitor.id === visitorId && visitor.online !== online,
  );
  // Most visitors have no conversation: the state stays the same object, and no list is sorted again.
  if (!rows.length) return state;
  const conversations = { ...state.conversations };
  for (const row of rows) conversations[row.id] = { ...row, visitor: { ...row.visitor, online } };
  return { ...state, conversations };
}

/**
 * A conversation as it will be when the server has accepted a change. It stands between two versions: a copy of the one that it
 * was made from, which may be on its way, does not hide it, and the next one does.
 */
export const asChanged = (row: Conversation, shown: Partial<Conversation>): Conversation => ({
  ...row,
  ...shown,
  version: Math.floor(row.version) + 0.5,
});
