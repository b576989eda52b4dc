import { Button, Skeleton, Text, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { explain } from "#dashboard/data/api.ts";
import { roleName } from "#dashboard/text/words.ts";
import { Ago } from "#dashboard/ui/ago.tsx";
import { FormError } from "#dashboard/ui/form-error.tsx";
import type { Invitation } from "#protocol/invitations.ts";
import classes from "./invitation-list.module.css";
import { useInvitations, useWithdraw } from "./invitations.ts";

export function InvitationList({ websiteId }: { websiteId: number }) {
  const invitations = useInvitations(websiteId);
  return (
    <div className={classes.root}>
      <Title order={3}>Not accepted yet</Title>
      {invitations.isPending ? (
        <Skeleton height={40} mt={12} />
      ) : invitations.isError ? (
        <div className={classes.failed}>
          <FormError message={explain(invitations.error)} />
          <Button variant="default" onClick={() => void invitations.refetch()}>
            Try again
          </Button>
        </div>
      ) : invitations.data.length ? (
        <ul className={classes.list} aria-label="Invitations">
          {invitations.data.map(invitation => (
            <Row key={invitation.id} websiteId={websiteId} invitation={invitation} />
          ))}
        </ul>
      ) : (
        <Text size="sm" c="dimmed" mt={4}>
          No open invitations.
        </Text>
      )}
    </div>
  );
}

function Row({ websiteId, invitation }: { websiteId: number; invitation: Invitation }) {
  const withdraw = useWithdraw(websiteId);
  const name = invitation.note || `Invitation by ${invitation.invitedBy ?? "a removed agent"}`;
  return (
    <li className={classes.row}>
      <div className={classes.what}>
        <div className={classes.name}>{name}</div>
        <div className={classes.facts}>
          {roleName[invitation.role]} · made <Ago moment={invitation.createdAt} />
          {invitation.invitedBy && ` by ${invitation.invitedBy}`} · ends {endsIn(invitation.expiresAt)}
        </div>
      </div>
      <Button
        variant="default"
        size="compact-sm"
        aria-label={`Withdraw: ${name}`}
        loading={withdraw.isPending}
        onClick={() =>
          withdraw.mutate(invitation.id, {
            onError: error =>
              notifications.show({ color: "red", title: "The invitation is not withdrawn", message: explain(error) }),
          })
        }
      >
        Withdraw
      </Button>
    </li>
  );
}

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const endsIn = (moment: string) => relative.format(Math.ceil((Date.parse(moment) - Date.now()) / 86_400_000), "day");
