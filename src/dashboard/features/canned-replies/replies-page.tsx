import { Skeleton, Stack, Text } from "@mantine/core";
import { explain } from "#dashboard/data/api.ts";
import { isAdmin, useWebsite } from "#dashboard/data/me.ts";
import { Failure } from "#dashboard/ui/failure.tsx";
import { Section } from "#dashboard/ui/page.tsx";
import { useTitle } from "#dashboard/ui/use-title.ts";
import type { CannedReply } from "#protocol/canned-replies.ts";
import { useCannedReplies, useChangeReplies } from "./canned-replies.ts";
import { placeholders } from "./placeholders.ts";
import { ReplyForm } from "./reply-form.tsx";
import { ReplyRow } from "./reply-row.tsx";

export function RepliesPage() {
  const website = useWebsite();
  const replies = useCannedReplies(website.id);
  useTitle("Canned replies");
  if (replies.isError) {
    return (
      <Failure
        what="The canned replies could not be loaded"
        error={replies.error}
        onRetry={() => void replies.refetch()}
      />
    );
  }
  const shared = replies.data?.filter(reply => !reply.isOwn);
  const own = replies.data?.filter(reply => reply.isOwn);
  return (
    <>
      <Section
        title="For all agents"
        lead="In a conversation, type / and a part of the shortcut. Visitors see only what you then send."
      >
        <List replies={shared} websiteId={website.id} canChange={isAdmin(website)} />
        {!isAdmin(website) && (
          <Text size="xs" c="dimmed" mt={12}>
            Only admins and owners can change them.
          </Text>
        )}
      </Section>
      <Section title="Your own" lead="Other agents do not see these.">
        <List replies={own} websiteId={website.id} canChange />
      </Section>
      <Section title="New canned reply">
        <NewReply websiteId={website.id} canShare={isAdmin(website)} />
      </Section>
    </>
  );
}

type ListProps = { replies: CannedReply[] | undefined; websiteId: number; canChange: boolean };

function List({ replies, websiteId, canChange }: ListProps) {
  if (!replies) return <Skeleton height={48} role="status" aria-label="Loading the canned replies" />;
  if (replies.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        None yet.{canChange && " Add the first one below."}
      </Text>
    );
  }
  return (
    <Stack component="ul" gap={0} m={0} p={0}>
      {replies.map(reply => (
        <ReplyRow key={reply.id} websiteId={websiteId} reply={reply} canChange={canChange} />
      ))}
    </Stack>
  );
}

function NewReply({ websiteId, canShare }: { websiteId: number; canShare: boolean }) {
  const { create } = useChangeReplies(websiteId);
  return (
    <>
      <ReplyForm
        // An empty form after each reply that was made here.
        key={create.data?.id}
        initial={{ shortcut: "", body: "", isOwn: !canShare }}
        canShare={canShare}
        submit="Add canned reply"
        refusal={create.error && explain(create.error)}
        isPending={create.isPending}
        onSubmit={reply => create.mutate(reply)}
      />
      <Text size="xs" c="dimmed" mt={16} component="dl" maw={560}>
        {placeholders.map(([name, what]) => (
          <div key={name}>
            <dt style={{ display: "inline" }}>
              <code>{name}</code>
            </dt>
            <dd style={{ display: "inline", marginInlineStart: 4 }}>is {what}.</dd>
          </div>
        ))}
      </Text>
    </>
  );
}
