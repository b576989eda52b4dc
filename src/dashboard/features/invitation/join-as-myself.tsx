import { Button, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { api, explain } from "#dashboard/data/api.ts";
import { meOptions } from "#dashboard/data/me.ts";
import { FormError } from "#dashboard/ui/form-error.tsx";
import type { User } from "#protocol/agents.ts";
import { useJoin } from "./use-join.ts";

export function JoinAsMyself({ token, user }: { token: string; user: User }) {
  const queries = useQueryClient();
  const join = useJoin(token);

  async function signOut() {
    await api("POST", "/sign-out");
    queries.removeQueries({ queryKey: meOptions.queryKey });
  }
  return (
    <Stack gap={16}>
      <Text size="sm">
        You are signed in as {user.name} ({user.email}).
      </Text>
      <FormError message={join.error && explain(join.error)} />
      <Button loading={join.isPending} onClick={() => join.mutate(undefined)}>
        Join as {user.name}
      </Button>
      <Button variant="default" onClick={signOut}>
        Sign out, and join with another account
      </Button>
    </Stack>
  );
}
