import { Skeleton, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { z } from "zod";
import { isRefusal } from "#client/api.ts";
import { api } from "#dashboard/data/api.ts";
import { useMaybeMe } from "#dashboard/data/me.ts";
import { roleName } from "#dashboard/text/words.ts";
import { Failure } from "#dashboard/ui/failure.tsx";
import { FrontPage } from "#dashboard/ui/front-page.tsx";
import { LinkButton } from "#dashboard/ui/link-button.tsx";
import { StateMessage } from "#dashboard/ui/state-message.tsx";
import type { InvitationShown } from "#protocol/invitations.ts";
import { JoinAsMyself } from "./join-as-myself.tsx";
import { JoinWithNewAccount } from "./join-with-new-account.tsx";

type Invitation = z.infer<typeof InvitationShown>;

export function InvitationPage() {
  const { token } = useParams({ from: "/invite/$token" });
  const me = useMaybeMe();
  const invitation = useQuery({
    queryKey: ["invitation", token],
    queryFn: () => api<Invitation>("GET", `/invitations/${encodeURIComponent(token)}`),
    retry: false,
  });

  if (invitation.isPending) return <Loading />;
  if (invitation.isError) {
    const isGone = isRefusal(invitation.error) && invitation.error.code === "invitation_gone";
    if (isGone) return <NotValid message={invitation.error.message} />;
    return (
      <Failure
        what="The invitation could not be loaded"
        error={invitation.error}
        onRetry={() => void invitation.refetch()}
      />
    );
  }
  const { websiteName, role, invitedBy } = invitation.data;
  return (
    <FrontPage
      title={`Join ${websiteName}`}
      lead={`${invitedBy ?? "Its owner"} invites you to answer its visitors. Your role: ${roleName[role]}.`}
    >
      {me ? <JoinAsMyself token={token} user={me.user} /> : <JoinWithNewAccount token={token} />}
    </FrontPage>
  );
}

const Loading = () => (
  <FrontPage title="Invitation">
    <Stack role="status" aria-label="Loading the invitation">
      <Skeleton height={20} width="60%" />
      <Skeleton height={36} />
      <Skeleton height={36} />
    </Stack>
  </FrontPage>
);

const NotValid = ({ message }: { message: string }) => (
  <StateMessage
    title="This invitation is no longer valid"
    action={
      <LinkButton to="/" variant="default">
        Go to the inbox
      </LinkButton>
    }
  >
    {message} Ask the person who invited you for a new link.
  </StateMessage>
);
