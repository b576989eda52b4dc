import type { AgentEvent } from "#protocol/socket.ts";

type Heartbeat = Extract<AgentEvent, { event: "heartbeat" }>["data"];

/**
 * Events may be lost between servers. A heartbeat names conversations with their versions: one that is newer than what
 * is held shows a loss. Each version counts once.
 * @param versionOf  the version of a conversation that is held; 0 for none
 * @returns a function that finds whether a heartbeat has a newer version
 */
export function createVersionCheck(versionOf: (conversationId: string) => number): (heartbeat: Heartbeat) => boolean {
  const latest = new Map<string, number>();
  return ({ websites }) => {
    let isNewer = false;
    for (const { conversationId, version } of websites.flatMap(({ heads }) => heads)) {
      const held = Math.max(versionOf(conversationId), latest.get(conversationId) ?? 0);
      latest.set(conversationId, Math.max(held, version));
      isNewer ||= version > held;
    }
    return isNewer;
  };
}
