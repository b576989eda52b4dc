import { Alert, Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconInfoCircle } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { api, explain } from "#dashboard/data/api.ts";
import { meOptions } from "#dashboard/data/me.ts";
import { bySchema, toFirstError } from "#dashboard/ui/form.ts";
import { FormError } from "#dashboard/ui/form-error.tsx";
import { FrontPage } from "#dashboard/ui/front-page.tsx";
import { type Me, SignInRequest } from "#protocol/accounts.ts";

const reasons = {
  ended: "Your session has ended: it expired, the password was changed, or you were removed from a website.",
  "signed-out": "You are signed out.",
  "set-up": "This chat is set up already. Sign in to it.",
} as const;

export function SignInPage() {
  const { reason, back } = useSearch({ from: "/sign-in" });
  const queries = useQueryClient();
  const router = useRouter();
  const form = useForm({
    initialValues: { email: "", password: "" },
    validate: bySchema(SignInRequest, { email: "The email address" }),
  });
  const signIn = useMutation({
    mutationFn: (values: typeof form.values) => api<Me>("POST", "/sign-in", values),
    async onSuccess(me) {
      // Another person may have used this tab: drop their data.
      queries.clear();
      queries.setQueryData(meOptions.queryKey, me);
      router.history.push(back ?? "/");
    },
  });

  return (
    <FrontPage title="Sign in">
      <form onSubmit={form.onSubmit(values => signIn.mutate(values), toFirstError(form))} noValidate>
        <Stack gap={16}>
          {reason && (
            <Alert variant="light" color="gray" icon={<IconInfoCircle size={16} />} role="status">
              {reasons[reason]}
            </Alert>
          )}
          <TextInput
            label="Email"
            type="email"
            autoComplete="username"
            required
            autoFocus
            {...form.getInputProps("email")}
          />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            required
            {...form.getInputProps("password")}
          />
          <FormError message={signIn.error && explain(signIn.error)} />
          <Button type="submit" loading={signIn.isPending}>
            Sign in
          </Button>
        </Stack>
      </form>
    </FrontPage>
  );
}
