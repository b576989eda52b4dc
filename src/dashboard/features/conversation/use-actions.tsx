import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { api, explain } from "#dashboard/data/api.ts";
import { useLive } from "#dashboard/live/live-provider.tsx";
import { visitorName } from "#dashboard/text/words.ts";
import type { Conversation, ConversationChanged } from "#protocol/conversations.ts";

/** What an agent does to a conversation: shown at once, taken back with a reason when refused. */
export function useActions(row: Conversation) {
  const { sync } = useLive();

  async function change(shown: Partial<Conversation>, path: string, body?: unknown) {
    show({ ...row, ...shown });
    try {
      const url = `/websites/${row.websiteId}/conversations/${row.id}/${path}`;
      show((await api<ConversationChanged>("POST", url, body)).conversation);
    } catch (error) {
      // Unless something newer has come meanwhile, which is the truth already.
      const held = sync.getState().conversations[row.id];
      if (held?.version === row.version) {
        show({ ...held, status: row.status, assignee: row.assignee });
      }
      notifications.hide(noticeId);
      notifications.show({ color: "red", title: `${visitorName(row.visitor)}: not changed`, message: explain(error) });
    }
  }

  const show = (conversation: Conversation) => sync.apply({ event: "conversation.changed", data: { conversation } });

  const noticeId = `resolved-${row.id}`;
  const reopen = () => {
    notifications.hide(noticeId);
    return change({ status: "open" }, "reopen");
  };

  return {
    assign: (to: Conversation["assignee"]) => change({ assignee: to }, "assign", { assigneeId: to?.id ?? null }),
    reopen,
    resolve() {
      notifications.show({
        id: noticeId,
        message: (
          <Group justify="space-between" wrap="nowrap">
            Resolved: {visitorName(row.visitor)}
            <Button variant="default" size="compact-sm" onClick={reopen}>
              Undo
            </Button>
          </Group>
        ),
      });
      return change({ status: "resolved" }, "resolve");
    },
  };
}
