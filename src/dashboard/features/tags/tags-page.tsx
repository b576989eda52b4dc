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
  const tags = useTags(websiteId).data ?? [];
  const create = useCreateTag(websiteId);
  return (
    <TagForm
      // An empty form after each tag that was made, with a colour that is still free.
      key={create.data?.id ?? `${tags.length > 0}`}
      initial={{ name: "", colour: nextColour(tags) }}
      submit="Add tag"
      refusal={create.error && explain(create.error)}
      isPending={create.isPending}
      onSubmit={tag => create.mutate(tag)}
    />
  );
}
