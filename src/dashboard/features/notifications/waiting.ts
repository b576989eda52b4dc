import type { Conversation } from "#protocol/conversations.ts";
import type { AgentEvent } from "#protocol/socket.ts";
import type { Scope } from "./preferences.ts";

/** A conversation with a message of its visitor that no agent has read. */
export type Waiting = { conversation: Conversation; seq: number };

type Agent = { userId: string; scope: Scope };

/** @returns the conversation, if the event is a visitor's message that concerns the agent */
export function waitingOf(event: AgentEvent, agent: Agent): Waiting | null {
  if (event.event !== "message.created") return null;
  const { message, conversation } = event.data;
  const waiting = { conversation, seq: message.seq };
  return message.author === "visitor" && isWaiting(waiting, conversation, agent) ? waiting : null;
}

/** @param row  the conversation as it is now */
export function isWaiting({ seq }: Waiting, row: Conversation, agent: Agent): boolean {
  return row.status === "open" && !row.deletedAt && row.agentReadSeq < seq && concerns(row, agent);
}

function concerns({ assignee }: Conversation, { userId, scope }: Agent): boolean {
  if (scope === "all" || assignee?.id === userId) return true;
  return scope === "mine-and-unassigned" && assignee === null;
}
