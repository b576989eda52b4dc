import type { AccessPath } from "#database/query-plans/access-path.ts";
import { findVisitorId, getVisitor, lockVisitor, touchVisitors, upsertVisitor } from "./queries.ts";

const facts = { pageUrl: "https://shop.invalid/", pageTitle: "Shop", userAgent: "none", language: "en" };
const session = { name: "Ada", email: null };

export const accessPaths: AccessPath[] = [
  {
    name: "a visitor who writes",
    query: upsertVisitor,
    run: (db, { websiteId, visitorId }) =>
      upsertVisitor(db, { ...session, websiteId, visitorId, externalId: null }, facts),
    indexes: [],
    buffers: 40,
  },
  {
    name: "a logged-in visitor who writes",
    query: upsertVisitor,
    run: (db, { websiteId, visitorId, externalId }) =>
      upsertVisitor(db, { ...session, websiteId, visitorId, externalId }, facts),
    indexes: [],
    buffers: 40,
  },
  {
    name: "where visitors are",
    query: touchVisitors,
    run: (db, { websiteId, visitorId }) => touchVisitors(db, [{ websiteId, visitorId, ...facts }]),
    indexes: ["visitors_pkey"],
    buffers: 40,
  },
  {
    name: "lock of a visitor",
    query: lockVisitor,
    run: lockVisitor,
    indexes: ["visitors_pkey"],
    buffers: 12,
  },
  {
    name: "visitor by the website's own id of them",
    query: findVisitorId,
    run: findVisitorId,
    indexes: ["visitors_by_external_id"],
    buffers: 6,
  },
  {
    name: "a visitor",
    query: getVisitor,
    run: getVisitor,
    indexes: ["visitors_pkey"],
    buffers: 6,
  },
];
