import { Anchor, Button, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { Link } from "@tanstack/react-router";
import { explain } from "#dashboard/data/api.ts";
import { AccountFields } from "#dashboard/ui/account-fields.tsx";
import { bySchema, toFirstError } from "#dashboard/ui/form.ts";
import { FormError } from "#dashboard/ui/form-error.tsx";
import { Account } from "#protocol/accounts.ts";
import { useJoin } from "./use-join.ts";

export function JoinWithNewAccount({ token }: { token: string }) {
  const join = useJoin(token);
  const form = useForm({
    initialValues: { name: "", email: "", password: "" },
    validate: bySchema(Account, { name: "The name", email: "The email address", password: "The password" }),
  });
  return (
    <form onSubmit={form.onSubmit(account => join.mutate(account), toFirstError(form))} noValidate>
      <Stack gap={16}>
        <AccountFields inputProps={field => form.getInputProps(field)} />
        <FormError message={join.error && explain(join.error)} />
        <Button type="submit" loading={join.isPending}>
          Make my account and join
        </Button>
        <Text size="sm" c="dimmed">
          Do you have an account here already?{" "}
          <Anchor component={Link} to={`/sign-in?back=${encodeURIComponent(`/invite/${token}`)}`}>
            Sign in
          </Anchor>
          {", then you come back to this page."}
        </Text>
      </Stack>
    </form>
  );
}
