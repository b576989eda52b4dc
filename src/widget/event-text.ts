import type { EventDetails } from "#protocol/entities.ts";

/** What happened to the conversation, as its visitor should read it. */
export function eventText(details: EventDetails): string {
  switch (details.type) {
    case "assigned":
      return details.to ? `${details.to.name} takes care of this` : "Waiting for somebody to take care of this";
    case "resolved":
      return "Marked as resolved. Write again any time.";
    case "reopened":
      return "Opened again";
  }
}
