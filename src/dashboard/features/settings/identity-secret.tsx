import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import type { z } from "zod";
import { api, explain } from "#dashboard/data/api.ts";
import { CopyField } from "#dashboard/ui/copy-field.tsx";
import { FormError } from "#dashboard/ui/form-error.tsx";
import type { IdentitySecret as Secret } from "#protocol/websites.ts";

const howTo = `// on your server, for the user who is logged in
const identity = jwt.sign({ sub: user.id, name: user.name, email: user.email }, secret, { algorithm: "HS256", expiresIn: "1h" });
// in your page
<script async src="${location.origin}/widget.js" data-website="…" data-identity="{identity}"></script>`;

/** Loaded only when an admin asks to see it, and never cached. */
export function IdentitySecret({ websiteId }: { websiteId: number }) {
  const [asking, question] = useDisclosure();
  const path = `/websites/${websiteId}/identity-secret`;
  const load = useMutation({
    mutationFn: (method: "GET" | "POST") => api<z.infer<typeof Secret>>(method, path),
    onSuccess(_, method) {
      question.close();
      if (method === "POST")
        notifications.show({ message: "The identity secret is replaced. Your server needs the new one now." });
    },
  });
  const secret = load.data?.identitySecret;

  return (
    <Stack gap={16}>
      {secret ? (
        <CopyField label="Identity secret" value={secret} />
      ) : (
        <Group>
          <Button variant="default" loading={load.isPending} onClick={() => load.mutate("GET")}>
            Show the secret
          </Button>
        </Group>
      )}
      {!asking && <FormError message={load.error && explain(load.error)} />}
      <details>
        <summary>How to use it</summary>
        <Stack gap={8} mt={8}>
          <CopyField label="Example" value={howTo} />
          <Text size="sm" c="dimmed">
            The identity is a JWT, signed with HS256. “sub” is your own id of the user. Never put the secret into a
            page.
          </Text>
        </Stack>
      </details>
      <Group>
        <Button variant="default" onClick={question.open}>
          Replace the secret
        </Button>
      </Group>
      <Modal opened={asking} onClose={question.close} title="Replace the identity secret?">
        <Stack>
          <Text size="sm">
            The old secret stops working at once. Visitors who are logged in cannot chat until your server signs with
            the new one. This cannot be undone.
          </Text>
          <FormError message={load.error && explain(load.error)} />
          <Group justify="flex-end">
            <Button variant="default" onClick={question.close} data-autofocus>
              Keep
            </Button>
            <Button color="red.9" loading={load.isPending} onClick={() => load.mutate("POST")}>
              Replace the secret
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Stack>
  );
}
