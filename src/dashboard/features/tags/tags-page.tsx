import { Skeleton } from "@mantine/core";
import { explain } from "#dashboard/data/api.ts";
import { useWebsite } from "#dashboard/data/me.ts";
import { Section } from "#dashboard/ui/page.tsx";
import { useTitle } from "#dashboard/ui/use-title.ts";
import { nextColour } from "./colours.ts";
import { TagForm } from "./tag-form.tsx";
import { TagList } from "./tag-list.tsx";
import { useCreateTag, useTags } from "./tags.ts";

export function TagsPage() {
  const website = useWebsite();
  useTitle("Tags");
  return (
    <>
      <Section
        title="Tags"
        lead="Tags group conversations by subject. The inbox can show the conversations of one tag. Visitors never see tags."
      >
        <TagList website={website} />
      </Section>
      <Section title="New tag">
        <NewTag websiteId={website.id} />
      </Section>
    </>
  );
}

function NewTag({ websiteId }: { websiteId: number }) {
  const { data: tags = [], isPending } = useTags(websiteId);
  const create = useCreateTag(websiteId);
  // The form starts with a colour that is still free. It must not start again when another agent adds a tag.
  if (isPending) return <Skeleton height={36} maw={320} />;
  return (
    <TagForm
      // An empty form after each tag that was made here.
      key={create.data?.id}
      initial={{ name: "", colour: nextColour(tags) }}
      submit="Add tag"
      refusal={create.error && explain(create.error)}
      isPending={create.isPending}
      onSubmit={tag => create.mutate(tag)}
    />
  );
}
