import type { Feature } from "#server/declaration/feature.ts";
import { accounts } from "./accounts/feature.ts";
import { agents } from "./agents/feature.ts";
import { alerts } from "./alerts/feature.ts";
import { audit } from "./audit/feature.ts";
import { backups } from "./backups/feature.ts";
import { cannedReplies } from "./canned-replies/feature.ts";
import { conversations } from "./conversations/feature.ts";
import { exportsFeature } from "./exports/feature.ts";
import { health } from "./health/feature.ts";
import { holds } from "./holds/feature.ts";
import { inbox } from "./inbox/feature.ts";
import { invitations } from "./invitations/feature.ts";
import { leftEmails } from "./left-emails/feature.ts";
import { messages } from "./messages/feature.ts";
import { missedAnswers } from "./missed-answers/feature.ts";
import { privacy } from "./privacy/feature.ts";
import { retention } from "./retention/feature.ts";
import { searchFeature } from "./search/feature.ts";
import { tags } from "./tags/feature.ts";
import { trash } from "./trash/feature.ts";
import { visitors } from "./visitors/feature.ts";
import { websites } from "./websites/feature.ts";
import { widgetSessions } from "./widget-sessions/feature.ts";

/**
 * Every noun of the product; those whose queries users wait for come first. HTTP, sockets, OpenAPI, query proofs and
 * isolation tests are derived from this list.
 */
export const features: Feature[] = [
  inbox,
  messages,
  conversations,
  visitors,
  leftEmails,
  missedAnswers,
  searchFeature,
  tags,
  cannedReplies,
  websites,
  agents,
  invitations,
  accounts,
  audit,
  trash,
  backups,
  exportsFeature,
  privacy,
  holds,
  retention,
  health,
  alerts,
  widgetSessions,
];

export const commands = features.flatMap(feature => feature.commands);
