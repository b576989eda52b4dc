import { Anchor, Stack, Text } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import type { Website } from "#protocol/websites.ts";
import { CopyField } from "./copy-field.tsx";

type Props = { website: Website; demoUrl: string | null };

/** The script tag that adds the chat to a website, and a demo page to try it on. */
export function Snippet({ website, demoUrl }: Props) {
  const snippet = `<script async src="${location.origin}/widget.js" data-website="${website.publicKey}"></script>`;
  return (
    <Stack gap={12}>
      <CopyField label="Snippet" value={snippet} />
      <Text size="sm" c="dimmed" maw={560}>
        Paste it before <code>&lt;/body&gt;</code> into every page that should have the chat.
        {demoUrl && " To try it first, open the demo page."}
      </Text>
      {demoUrl && (
        <Anchor href={demoOf(website, demoUrl)} target="_blank" rel="noopener">
          Open the demo page <IconExternalLink size={14} style={{ verticalAlign: -2 }} />
        </Anchor>
      )}
    </Stack>
  );
}

function demoOf(website: Website, demoUrl: string): string {
  const url = new URL(demoUrl);
  url.searchParams.set("website", website.publicKey);
  return url.href;
}
