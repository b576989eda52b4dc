import { Button, Group, Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { explain } from "#dashboard/data/api.ts";
import { Failure } from "#dashboard/ui/failure.tsx";
import { FormError } from "#dashboard/ui/form-error.tsx";
import type { Conversation } from "#protocol/conversations.ts";
import type { Visitor } from "#protocol/visitors.ts";
import { useCorrect, useVisitor } from "./privacy.ts";

type Props = { row: Conversation; onClose: () => void };

export function CorrectForm({ row, onClose }: Props) {
  const visitor = useVisitor({ websiteId: row.websiteId, conversationId: row.id });
  if (visitor.isPending) return <Skeleton height={160} />;
  if (!visitor.data) {
    return (
      <Failure what="The visitor could not be loaded" error={visitor.error} onRetry={() => void visitor.refetch()} />
    );
  }
  return <Fields websiteId={row.websiteId} visitor={visitor.data} onClose={onClose} />;
}

function Fields({ websiteId, visitor, onClose }: { websiteId: number; visitor: Visitor; onClose: () => void }) {
  const correct = useCorrect({ websiteId, visitorId: visitor.id });
  const before = {
    name: visitor.name ?? "",
    email: visitor.email ?? "",
    attributes: Object.fromEntries(Object.entries(visitor.attributes).map(([name, value]) => [name, `${value}`])),
  };
  const form = useForm({ initialValues: before });
  const changes = () => ({
    ...(form.isDirty("name") && { name: form.values.name.trim() || null }),
    ...(form.isDirty("email") && { email: form.values.email.trim() || null }),
    attributes: Object.fromEntries(
      Object.entries(form.values.attributes)
        .filter(([name, value]) => value !== before.attributes[name])
        .map(([name, value]) => [name, value.trim() || null]),
    ),
  });
  return (
    <form onSubmit={form.onSubmit(() => correct.mutate(changes(), { onSuccess: onClose }))} noValidate>
      <Stack>
        <Text size="sm">
          The audit log says who corrected which field, and no value.
          {visitor.externalId &&
            " This visitor logs in on your website: correct it there too, or the next log-in brings the old values back."}
        </Text>
        <TextInput label="Name" maxLength={200} data-autofocus {...form.getInputProps("name")} />
        <TextInput label="Email" type="email" maxLength={254} {...form.getInputProps("email")} />
        {Object.keys(before.attributes).map(name => (
          <TextInput key={name} label={name} maxLength={500} {...form.getInputProps(`attributes.${name}`)} />
        ))}
        <FormError message={correct.error ? explain(correct.error) : null} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Leave it
          </Button>
          <Button type="submit" loading={correct.isPending} disabled={!form.isDirty()}>
            Correct
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
