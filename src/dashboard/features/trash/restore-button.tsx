import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { explain } from "#dashboard/data/api.ts";
import { useRestore } from "./trash.ts";

type Props = {
  websiteId: number;
  conversationId: string;
  /** names the conversation, where there are several buttons */
  label?: string;
  onDone?: () => void;
};

export function RestoreButton({ websiteId, conversationId, label, onDone }: Props) {
  const restore = useRestore();
  const onError = (error: unknown) =>
    notifications.show({ color: "red", title: "The conversation is not brought back", message: explain(error) });
  return (
    <Button
      variant="default"
      size={label ? "compact-sm" : "sm"}
      aria-label={label}
      loading={restore.isPending}
      onClick={() => restore.mutate({ websiteId, conversationId }, { onError, ...(onDone && { onSuccess: onDone }) })}
    >
      Bring back
    </Button>
  );
}
