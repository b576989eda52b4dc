import * as alertRows from "#database/health/alerts/alerts.ts";
import * as alertChannels from "#database/health/alerts/channels.ts";
import * as alertDeliveries from "#database/health/alerts/deliveries.ts";
import * as alertRounds from "#database/health/alerts/rounds.ts";
import * as alertSilences from "#database/health/alerts/silences.ts";
import { checkQueries } from "#database/health/checks/list.ts";
import * as healthStore from "#database/health/store.ts";
import * as importing from "#database/importing/queries.ts";
import * as counters from "#database/lifecycle/counters.ts";
import * as deleted from "#database/lifecycle/deleted.ts";
import * as websiteRows from "#database/lifecycle/website-rows.ts";
import * as applied from "#database/migrations/applied.ts";
import * as byTime from "#database/partitions/by-time.ts";
import * as erase from "#database/privacy/erase.ts";
import * as erasures from "#database/privacy/erasures.ts";
import * as heldQueries from "#database/privacy/held-queries.ts";
import * as monthQueries from "#database/privacy/month-queries.ts";
import * as replayQueries from "#database/privacy/replay-queries.ts";
import { queriesOf } from "#database/query-plans/define-query.ts";
import * as searchIndex from "#database/search/index-queries.ts";
import * as auditEntries from "#server/declaration/audit-entries.ts";
import { features } from "#server/features/features.ts";
import * as identityAccounts from "#server/identity/accounts.ts";
import * as memberships from "#server/identity/memberships.ts";
import * as operators from "#server/identity/operators.ts";

/** Every query of the product; those that users wait for come first. */
export const queries = [
  ...features.flatMap(feature => feature.queries),
  ...[identityAccounts, memberships, operators, auditEntries].flatMap(queriesOf),
  ...[
    byTime,
    deleted,
    websiteRows,
    counters,
    applied,
    erase,
    erasures,
    heldQueries,
    monthQueries,
    replayQueries,
    healthStore,
    alertRows,
    alertChannels,
    alertDeliveries,
    alertRounds,
    alertSilences,
    importing,
    searchIndex,
  ].flatMap(queriesOf),
  ...checkQueries,
];

export const proofs = queries.flatMap(query => query.definition.proofs);
