import { newId } from "#client/ids.ts";
import type { AgentClient } from "#lab/actors/people.ts";
import type { Conversation } from "#protocol/conversations.ts";
import type { Inbox } from "#protocol/inbox.ts";
import type { AgentPage, AgentSent, Message } from "#protocol/messages.ts";
import type { Website } from "#protocol/websites.ts";

/** One agent at one website, over HTTP: reads what is stored there, and answers. */
export type Desk = {
  conversations(): Promise<Conversation[]>;
  /** the one conversation of this website; throws when there is none or more */
  conversation(): Promise<Conversation>;
  /** all messages of a conversation, oldest first */
  listMessages(conversationId: string): Promise<Message[]>;
  /** texts of all messages of the one conversation, oldest first, notes and events left out */
  texts(): Promise<string[]>;
  answer(body: string): Promise<AgentSent>;
};

const pageSize = 100;

export function deskOf(agent: AgentClient, { id }: Pick<Website, "id">): Desk {
  const path = `/websites/${id}`;

  async function conversations() {
    return (await agent.api<Inbox>("GET", `${path}/inbox?view=all`)).conversations;
  }

  async function conversation() {
    const [only, ...others] = await conversations();
    if (!only || others.length) throw new Error(`the website has ${others.length + Number(!!only)} conversations`);
    return only;
  }

  async function listMessages(conversationId: string, after = 0): Promise<Message[]> {
    const url = `${path}/conversations/${conversationId}/messages?after=${after}&limit=${pageSize}`;
    const { messages, more } = await agent.api<AgentPage>("GET", url);
    return more ? [...messages, ...(await listMessages(conversationId, messages.at(-1)!.seq))] : messages;
  }

  return {
    conversations,
    conversation,
    listMessages: id => listMessages(id),
    async texts() {
      const messages = await listMessages((await conversation()).id);
      return messages.filter(({ kind }) => kind === "text").map(({ body }) => body);
    },
    async answer(body) {
      const url = `${path}/conversations/${(await conversation()).id}/messages`;
      return agent.api<AgentSent>("POST", url, { id: newId(), body });
    },
  };
}
