import type { Availability, Role } from "#protocol/agents.ts";
import type { Conversation } from "#protocol/conversations.ts";

/** How people and numbers are called, the same on every screen. */

type Named = { id: string; name: string | null; email?: string | null };

/** A visitor who never said who they are still keeps one name: the end of a UUIDv7 is random. */
export const visitorName = (visitor: Named): string =>
  visitor.name || visitor.email || `Visitor ${visitor.id.slice(-4)}`;

export const roleName: Record<Role, string> = { owner: "Owner", admin: "Admin", agent: "Agent" };

export const roleMeaning: Record<Role, string> = {
  owner: "Everything, people and their roles included",
  admin: "Answers, settings, inviting and removing people",
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

/** Room for two digits is all that badges have. */
export const shortCount = (count: number): string => (count > 99 ? "99+" : String(count));

export const isWaitingTooLong = ({ waitingSince }: Conversation, now: number): boolean =>
  waitingSince !== null && now - Date.parse(waitingSince) > 5 * 60_000;
