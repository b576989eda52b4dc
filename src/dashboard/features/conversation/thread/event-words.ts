import type { Message } from "#protocol/messages.ts";

/** An event in a sentence: "Ada took this conversation". */
export function describeEvent({ details, authorId, authorName, author }: Message): string {
  const who = authorName ?? (author === "visitor" ? "The visitor" : "The system");
  switch (details?.type) {
    case "assigned":
      if (!details.to) return `${who} unassigned this conversation`;
      return details.to.id === authorId
        ? `${who} took this conversation`
        : `${who} assigned this conversation to ${details.to.name}`;
    case "resolved":
      return `${who} resolved this conversation`;
    case "reopened":
      return `${who} reopened this conversation`;
    default:
      return `${who} changed this conversation`;
  }
}
