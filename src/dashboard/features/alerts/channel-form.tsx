import { Alert, Button, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { explain } from "#dashboard/data/api.ts";
import { CopyField } from "#dashboard/ui/copy-field.tsx";
import { FormError } from "#dashboard/ui/form-error.tsx";
import { type AlertLevel, type ChannelKind, channelKinds } from "#protocol/alerts.ts";
import { useAddChannel } from "./alerts.ts";
import { kindNames, minLevels, targetLabels } from "./words.ts";

const kinds = channelKinds.map(value => ({ value, label: kindNames[value] }));

export function ChannelForm({ websiteId, canMail }: { websiteId: number; canMail: boolean }) {
  const [kind, setKind] = useState<ChannelKind>(canMail ? "email" : "webhook");
  const [target, setTarget] = useState("");
  const [minLevel, setMinLevel] = useState<AlertLevel>("warn");
  const add = useAddChannel(websiteId);
  const words = targetLabels[kind];
  const cannot = kind === "email" && !canMail;
  function submit(event: FormEvent) {
    event.preventDefault();
    add.mutate({ kind, target, minLevel }, { onSuccess: () => setTarget("") });
  }
  return (
    <form onSubmit={submit} aria-label="Add a channel">
      <Stack gap={12} maw={560}>
        <Group gap={12} align="flex-start">
          <Select
            label="Channel"
            w={200}
            allowDeselect={false}
            data={kinds}
            value={kind}
            onChange={value => setKind(value as ChannelKind)}
          />
          <Select
            label="What is sent"
            w={220}
            allowDeselect={false}
            data={minLevels}
            value={minLevel}
            onChange={value => setMinLevel(value as AlertLevel)}
          />
        </Group>
        {cannot ? (
          <Alert color="yellow">
            The server has no mail server. Set SMTP_URL and MAIL_FROM, and start it again: docs/configuration.md.
          </Alert>
        ) : (
          <TextInput
            label={words.label}
            description={words.description}
            placeholder={words.placeholder}
            required
            maxLength={2000}
            value={target}
            onChange={event => setTarget(event.currentTarget.value)}
          />
        )}
        <FormError message={add.error && explain(add.error)} />
        <Group>
          <Button type="submit" loading={add.isPending} disabled={cannot || !target.trim()}>
            Add channel
          </Button>
        </Group>
        {add.data?.secret && (
          <Stack gap={8} role="status">
            <Text size="sm" fw={600}>
              Give this secret to the receiver now. It is not shown again.
            </Text>
            <CopyField label="Secret of the webhook" value={add.data.secret} />
          </Stack>
        )}
      </Stack>
    </form>
  );
}
