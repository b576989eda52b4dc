import { Button, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { explain } from "#dashboard/data/api.ts";
import { roleMeaning, roleName } from "#dashboard/text/words.ts";
import { CopyField } from "#dashboard/ui/copy-field.tsx";
import { FormError } from "#dashboard/ui/form-error.tsx";
import { useInvite } from "./invitations.ts";

const roles = ["agent", "admin"] as const;

export function InviteForm({ websiteId }: { websiteId: number }) {
  const invite = useInvite(websiteId);
  const form = useForm({ initialValues: { role: "agent" as (typeof roles)[number], note: "" } });

  return (
    <Stack gap={16} maw={560}>
      <form onSubmit={form.onSubmit(values => invite.mutate(values, { onSuccess: form.reset }))}>
        <Group align="flex-end" gap={12}>
          <Select
            label="Role"
            w={120}
            allowDeselect={false}
            data={roles.map(role => ({ value: role, label: roleName[role] }))}
            {...form.getInputProps("role")}
          />
          <TextInput
            label="Note"
            placeholder="Who it is for, such as “Ben, support”"
            maxLength={100}
            flex="1 1 200px"
            {...form.getInputProps("note")}
          />
          <Button type="submit" loading={invite.isPending}>
            Make a link
          </Button>
        </Group>
        <Text size="xs" c="dimmed" mt={8}>
          {roleName[form.values.role]}: {roleMeaning[form.values.role].toLowerCase()}.
        </Text>
      </form>
      <FormError message={invite.error && explain(invite.error)} />
      {invite.data && (
        <Stack gap={8} role="status">
          <Text size="sm" fw={600}>
            Send this link now. It is not shown again.
          </Text>
          <CopyField label="Invitation link" value={`${location.origin}/invite/${invite.data.token}`} />
        </Stack>
      )}
    </Stack>
  );
}
