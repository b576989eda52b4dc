import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { api } from "#dashboard/data/api.ts";
import { meOptions } from "#dashboard/data/me.ts";
import type { Account, Me } from "#protocol/accounts.ts";

/** Accepts an invitation. Without an account, the signed-in user joins. */
export function useJoin(token: string) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (account?: Account) => api<Me>("POST", `/invitations/${encodeURIComponent(token)}`, { account }),
    async onSuccess(me) {
      const before = new Set(queries.getQueryData(meOptions.queryKey)?.websites.map(website => website.id));
      queries.setQueryData(meOptions.queryKey, me);
      const joined = me.websites.find(website => !before.has(website.id)) ?? me.websites[0];
      if (!joined) return navigate({ to: "/" });
      await navigate({ to: "/w/$websiteId/inbox/$view", params: { websiteId: joined.id, view: "all" } });
    },
  });
}
