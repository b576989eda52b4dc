import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useWebsite } from "#dashboard/data/me.ts";
import { Page } from "#dashboard/ui/page.tsx";
import { useTitle } from "#dashboard/ui/use-title.ts";
import type { Tag } from "#protocol/tags.ts";
import { Filters } from "./filters.tsx";
import { Results } from "./results.tsx";
import { mistakeIn, useSearchPages } from "./search.ts";
import { SearchField } from "./search-field.tsx";
import { useResultKeys } from "./use-result-keys.ts";

const waitMs = 300;

/** Finds messages and people of a website. The address of the page holds the text. */
export function SearchPage({ tags }: { tags: Tag[] }) {
  const website = useWebsite();
  const { q: asked = "" } = useSearch({ from: "/signed-in/w/$websiteId/search" });
  const navigate = useNavigate();
  const [text, setText] = useState(asked);
  const own = useRef(asked);
  const pages = useSearchPages(website.id, asked);
  const keys = useResultKeys();
  useTitle("Search");

  const ask = (next: string) => {
    own.current = next;
    void navigate({ to: ".", search: { q: next || undefined }, replace: true });
  };
  const write = (next: string) => {
    setText(next);
    ask(next);
  };
  // Once more for the same text: a message may have been indexed meanwhile.
  const submit = () => (text === asked ? void pages.refetch({ cancelRefetch: false }) : ask(text));
  // While somebody types, the server is asked when they pause.
  useEffect(() => {
    if (text === own.current) return;
    const timer = setTimeout(() => ask(text), waitMs);
    return () => clearTimeout(timer);
  });
  // Back and forward.
  useEffect(() => {
    if (asked === own.current) return;
    own.current = asked;
    setText(asked);
  }, [asked]);

  return (
    <Page title="Search">
      <search ref={keys.area} onKeyDown={keys.onKeyDown}>
        <SearchField
          text={text}
          mistake={mistakeIn(pages.error)}
          isBusy={pages.isFetching}
          onChange={setText}
          onSubmit={submit}
        />
        <Filters websiteId={website.id} text={text} tags={tags} onChange={write} />
        <Results websiteId={website.id} text={asked} pages={pages} tags={tags} onExample={write} />
      </search>
    </Page>
  );
}
