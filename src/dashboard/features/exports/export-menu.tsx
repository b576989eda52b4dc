import { Button, Menu } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDownload } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { explain } from "#dashboard/data/api.ts";
import { isAdmin, useWebsite } from "#dashboard/data/me.ts";
import type { Conversation } from "#protocol/conversations.ts";
import type { ExportFormat, ExportScope } from "#protocol/exports.ts";
import { useRequestExport } from "./exports.ts";

/** For admins and owners, in the details of a conversation: exports it, or its visitor, and shows the list of exports. */
export function ExportMenu({ row }: { row: Conversation }) {
  const website = useWebsite();
  const request = useRequestExport(row.websiteId);
  const navigate = useNavigate();
  if (!isAdmin(website)) return null;
  const onError = (error: unknown) =>
    notifications.show({ color: "red", title: "The export is not begun", message: explain(error) });
  const start = (scope: ExportScope, format: ExportFormat) => () =>
    request.mutate(
      { scope, format },
      {
        onError,
        onSuccess: () => void navigate({ to: "/w/$websiteId/settings/exports", params: { websiteId: row.websiteId } }),
      },
    );
  const conversation = { kind: "conversation", conversationId: row.id } as const;
  const visitor = { kind: "visitor", visitorId: row.visitor.id } as const;
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button
          variant="default"
          size="compact-sm"
          loading={request.isPending}
          leftSection={<IconDownload size={16} stroke={1.5} />}
        >
          Export…
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>This conversation</Menu.Label>
        <Menu.Item onClick={start(conversation, "csv")}>CSV, for a spreadsheet</Menu.Item>
        <Menu.Item onClick={start(conversation, "json")}>JSON</Menu.Item>
        <Menu.Label>The visitor with all conversations</Menu.Label>
        <Menu.Item onClick={start(visitor, "csv")}>CSV, for a spreadsheet</Menu.Item>
        <Menu.Item onClick={start(visitor, "json")}>JSON</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
