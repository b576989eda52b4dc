import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { z } from "zod";
import { api } from "#dashboard/data/api.ts";
import type { Invitation, InvitationCreate, InvitationCreated } from "#protocol/invitations.ts";

const invitationsOptions = (websiteId: number) =>
  queryOptions({
    queryKey: ["invitations", websiteId],
    queryFn: async () =>
      (await api<{ invitations: Invitation[] }>("GET", `/websites/${websiteId}/invitations`)).invitations,
  });

export const useInvitations = (websiteId: number) => useQuery(invitationsOptions(websiteId));

export function useInvite(websiteId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: z.input<typeof InvitationCreate>) =>
      api<z.infer<typeof InvitationCreated>>("POST", `/websites/${websiteId}/invitations`, body),
    onSuccess: ({ invitation }) =>
      queries.setQueryData(invitationsOptions(websiteId).queryKey, held => [invitation, ...(held ?? [])]),
  });
}

export function useWithdraw(websiteId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api<null>("DELETE", `/websites/${websiteId}/invitations/${id}`),
    onSuccess: (_, id) =>
      queries.setQueryData(invitationsOptions(websiteId).queryKey, held => held?.filter(row => row.id !== id)),
  });
}
