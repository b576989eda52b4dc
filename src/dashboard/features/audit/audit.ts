import { infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { api } from "#dashboard/data/api.ts";
import type { AuditPage } from "#protocol/audit.ts";
import type { AuditAction } from "#protocol/audit-actions.ts";

/** Selects entries: all of a website, or those of one person or action. */
export type AuditFilter = { websiteId: number; person?: string | undefined; action?: AuditAction | undefined };

const auditOptions = ({ websiteId, person, action }: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ["audit", websiteId, person, action],
    queryFn({ pageParam: cursor }) {
      const asked = Object.entries({ cursor, actorId: person, action }).filter(([, value]) => value) as string[][];
      return api<AuditPage>("GET", `/websites/${websiteId}/audit?${new URLSearchParams(asked)}`);
    },
    initialPageParam: "",
    getNextPageParam: page => page.nextCursor,
    select: ({ pages }) => pages.flatMap(page => page.entries),
  });

export const useAudit = (filter: AuditFilter) => useInfiniteQuery(auditOptions(filter));
