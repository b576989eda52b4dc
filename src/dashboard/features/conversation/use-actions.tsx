import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useChangeConversation } from "#dashboard/live/use-change-conversation.ts";
import { visitorName } from "#dashboard/text/words.ts";
import type { Conversation } from "#protocol/conversations.ts";

/** An agent's actions on a whole conversation. */
export function useActions(row: Conversation) {
  const change = useChangeConversation(row);
  const noticeId = `resolved-${row.id}`;

  function assign(to: Conversation["assignee"]) {
    return change({
      shown: { assignee: to },
      command: "conversation.assign",
      // If a colleague was faster, the server refuses, and says who.
      params: { assigneeId: to?.id ?? null, from: row.assignee?.id ?? null },
      http: ["POST", "assign"],
    });
  }

  function reopen() {
    notifications.hide(noticeId);
    return change({ shown: { status: "open" }, command: "conversation.reopen", http: ["POST", "reopen"] });
  }

  async function resolve() {
    const message = <ResolvedNotice name={visitorName(row.visitor)} onUndo={reopen} />;
    notifications.show({ id: noticeId, message });
    const done = await change({
      shown: { status: "resolved" },
      command: "conversation.resolve",
      http: ["POST", "resolve"],
    });
    if (!done) notifications.hide(noticeId);
  }

  return { assign, reopen, resolve };
}

const ResolvedNotice = ({ name, onUndo }: { name: string; onUndo: () => void }) => (
  <Group justify="space-between" wrap="nowrap">
    Resolved: {name}
    <Button variant="default" size="compact-sm" onClick={onUndo}>
      Undo
    </Button>
  </Group>
);
