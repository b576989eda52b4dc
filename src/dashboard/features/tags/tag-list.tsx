import { Skeleton, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { isAdmin } from "#dashboard/data/me.ts";
import { Failure } from "#dashboard/ui/failure.tsx";
import type { Tag } from "#protocol/tags.ts";
import type { Website } from "#protocol/websites.ts";
import { DeleteTagDialog } from "./delete-tag-dialog.tsx";
import { TagRow } from "./tag-row.tsx";
import { useTags } from "./tags.ts";

export function TagList({ website }: { website: Website }) {
  const tags = useTags(website.id);
  const [deleted, setDeleted] = useState<Tag | null>(null);

  if (tags.isPending) return <Loading />;
  if (tags.isError) {
    return <Failure what="The tags could not be loaded" error={tags.error} onRetry={() => void tags.refetch()} />;
  }
  if (!tags.data.length) {
    return (
      <Text size="sm" c="dimmed">
        No tags yet. Add the first one below.
      </Text>
    );
  }
  return (
    <>
      <Stack component="ul" gap={0} m={0} p={0} aria-label="Tags">
        {tags.data.map(tag => (
          <TagRow key={tag.id} website={website} tag={tag} onDelete={() => setDeleted(tag)} />
        ))}
      </Stack>
      {!isAdmin(website) && (
        <Text size="xs" c="dimmed" mt={12}>
          Only admins and owners can rename and delete tags.
        </Text>
      )}
      <DeleteTagDialog websiteId={website.id} tag={deleted} onClose={() => setDeleted(null)} />
    </>
  );
}

const Loading = () => (
  <Stack role="status" aria-label="Loading the tags" gap={12}>
    {[120, 80, 160].map(width => (
      <Skeleton key={width} height={20} width={width} radius="lg" />
    ))}
  </Stack>
);
