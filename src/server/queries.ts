import * as distributed from "#database/distributed.ts";
import * as counters from "#database/lifecycle/counters.ts";
import * as deleted from "#database/lifecycle/deleted.ts";
import * as applied from "#database/migrations/applied.ts";
import * as byTime from "#database/partitions/by-time.ts";
import { queriesOf } from "#database/query-plans/define-query.ts";
import * as accounts from "./features/accounts/queries.ts";
import * as agents from "./features/agents/queries.ts";
import * as conversations from "./features/conversations/queries.ts";
import * as threads from "./features/conversations/threads.ts";
import * as inbox from "./features/inbox/queries.ts";
import * as invitations from "./features/invitations/queries.ts";
import * as messages from "./features/messages/queries.ts";
import * as writeStatements from "./features/messages/write-statements.ts";
import * as visitors from "./features/visitors/queries.ts";
import * as websites from "./features/websites/queries.ts";
import * as identityAccounts from "./identity/accounts.ts";
import * as memberships from "./identity/memberships.ts";

/** Every query of the product; those that people wait for come first. */
export const queries = [
  inbox,
  messages,
  writeStatements,
  conversations,
  threads,
  visitors,
  websites,
  agents,
  invitations,
  accounts,
  identityAccounts,
  memberships,
  byTime,
  deleted,
  counters,
  distributed,
  applied,
].flatMap(queriesOf);

export const proofs = queries.flatMap(query => query.definition.proofs);
