import { Button, Group, PasswordInput, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { api, explain } from "#dashboard/data/api.ts";
import { bySchema, toFirstError } from "#dashboard/ui/form.ts";
import { FormError } from "#dashboard/ui/form-error.tsx";
import { PasswordChange } from "#protocol/accounts.ts";

export function PasswordForm({ onDone }: { onDone: () => void }) {
  const form = useForm({
    initialValues: { currentPassword: "", newPassword: "" },
    validate: bySchema(PasswordChange, { newPassword: "The new password" }),
  });
  const change = useMutation({
    mutationFn: (body: typeof form.values) => api<null>("POST", "/me/password", body),
    onSuccess() {
      notifications.show({ message: "Your password is changed." });
      onDone();
    },
  });

  return (
    <form onSubmit={form.onSubmit(values => change.mutate(values), toFirstError(form))}>
      <Stack>
        <PasswordInput
          label="Current password"
          autoComplete="current-password"
          required
          data-autofocus
          {...form.getInputProps("currentPassword")}
        />
        <PasswordInput
          label="New password"
          description="At least 10 characters"
          autoComplete="new-password"
          required
          {...form.getInputProps("newPassword")}
        />
        <FormError message={change.error && explain(change.error)} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" loading={change.isPending}>
            Change password
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
