import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { explain } from "#dashboard/data/api.ts";
import { useRestore } from "./trash.ts";

type Props = { websiteId: number; conversationId: string };

export function RestoreButton({ websiteId, conversationId }: Props) {
  const restore = useRestore();
  const onError = (error: unknown) =>
    notifications.show({ color: "red", title: "The conversation is not brought back", message: explain(error) });
  return (
    <Button
      variant="default"
      loading={restore.isPending}
      onClick={() => restore.mutate({ websiteId, conversationId }, { onError })}
    >
      Bring back
    </Button>
  );
}
