import { Button, Group, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconBrandSlack, IconMail, IconWebhook } from "@tabler/icons-react";
import { explain } from "#dashboard/data/api.ts";
import { countOf } from "#dashboard/text/words.ts";
import { Ago } from "#dashboard/ui/ago.tsx";
import type { AlertChannel } from "#protocol/alerts.ts";
import classes from "./alerts.module.css";
import { useDeleteChannel, useTestChannel } from "./alerts.ts";
import { ChannelForm } from "./channel-form.tsx";
import { kindNames } from "./words.ts";

const icons = { email: IconMail, webhook: IconWebhook, slack: IconBrandSlack };

type Props = { websiteId: number; channels: AlertChannel[]; canMail: boolean };

export const Channels = ({ websiteId, channels, canMail }: Props) => (
  <Stack gap={24}>
    {channels.length === 0 ? (
      <Text size="sm">
        There is no channel, so alerts are on this page only. Add one, or you learn of a full disk from your visitors.
      </Text>
    ) : (
      <ul className={classes.list} aria-label="Channels">
        {channels.map(channel => (
          <Row key={channel.id} websiteId={websiteId} channel={channel} />
        ))}
      </ul>
    )}
    <ChannelForm websiteId={websiteId} canMail={canMail} />
  </Stack>
);

function Row({ websiteId, channel }: { websiteId: number; channel: AlertChannel }) {
  const [test, remove] = [useTestChannel(websiteId), useDeleteChannel(websiteId)];
  const Icon = icons[channel.kind];
  const onError = (error: unknown) => notifications.show({ color: "red", message: explain(error) });
  const onSuccess = ({ problem }: { problem: string | null }) =>
    notifications.show(
      problem === null
        ? { message: `${channel.target} has taken the test.` }
        : { color: "red", title: `${channel.target} has not taken the test`, message: problem },
    );
  return (
    <li className={classes.row}>
      <Icon className={classes.icon} size={20} stroke={1.5} aria-hidden />
      <div className={classes.what}>
        <div className={classes.name}>{channel.target}</div>
        <div className={classes.facts}>
          {kindNames[channel.kind]} · {channel.minLevel === "error" ? "problems only" : "warnings and problems"}
        </div>
        <Last channel={channel} />
      </div>
      <Group gap={8} wrap="nowrap">
        <Button
          variant="default"
          size="compact-sm"
          loading={test.isPending}
          onClick={() => test.mutate(channel, { onError, onSuccess })}
          aria-label={`Send a test to ${channel.target}`}
        >
          Send a test
        </Button>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          loading={remove.isPending}
          onClick={() => remove.mutate(channel, { onError })}
          aria-label={`Delete channel: ${channel.target}`}
        >
          Delete
        </Button>
      </Group>
    </li>
  );
}

function Last({ channel: { last, waiting } }: { channel: AlertChannel }) {
  if (!last) return <div className={classes.facts}>Nothing was sent yet.</div>;
  if (last.problem !== null)
    return (
      <div className={classes.problem}>
        The last notice was not delivered: {last.problem}
        {waiting > 0 && ` ${countOf(waiting, "notice")} ${waiting === 1 ? "is" : "are"} tried again.`}
      </div>
    );
  return (
    <div className={classes.facts}>
      {last.deliveredAt ? "Last notice delivered " : "A notice is on its way since "}
      <Ago moment={last.deliveredAt ?? last.at} />
    </div>
  );
}
