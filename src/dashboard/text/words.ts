import type { Availability, Role } from "#protocol/agents.ts";
import type { Conversation } from "#protocol/conversations.ts";

/** Names of people, roles and numbers, the same on every screen. */

type Named = { id: string; name: string | null; email?: string | null };

/** A visitor without name and email is named by the end of the id, which is random in a UUIDv7. */
export const visitorName = (visitor: Named): string =>
  visitor.name || visitor.email || `Visitor ${visitor.id.slice(-4)}`;

export const roleName: Record<Role, string> = { owner: "Owner", admin: "Admin", agent: "Agent" };

export const roleMeaning: Record<Role, string> = {
  owner: "Everything, including people and their roles",
  admin: "Answers conversations, changes settings, invites and removes people",
  agent: "Answers conversations",
};

export const availabilityName: Record<Availability, string> = {
  online: "Online now",
  away: "Away",
  offline: "Not online",
};

export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : ""].map(word => [...(word ?? "")][0] ?? "");
  return letters.join("").toUpperCase();
}

/** "3 conversations" */
export const countOf = (count: number, noun: string): string =>
  `${count.toLocaleString()} ${noun}${count === 1 ? "" : "s"}`;

/** A badge has space for two digits. */
export const shortCount = (count: number): string => (count > 99 ? "99+" : String(count));

export const isWaitingTooLong = ({ waitingSince }: Conversation, now: number): boolean =>
  waitingSince !== null && now - Date.parse(waitingSince) > 5 * 60_000;
