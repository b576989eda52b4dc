import { Select, TextInput } from "@mantine/core";
import { useAgents } from "#dashboard/data/agents.ts";
import type { Tag } from "#protocol/tags.ts";
import classes from "./filters.module.css";
import { type Operator, readFilter, unquoted, writeFilter } from "./query-text.ts";

type Props = { websiteId: number; text: string; tags: Tag[]; onChange: (text: string) => void };

type Choice = { value: string; label: string };

const statuses = [
  { value: "open", label: "Open" },
  { value: "resolved", label: "Resolved" },
];
const authors = [
  { value: "visitor", label: "By visitors" },
  { value: "agent", label: "By agents" },
  { value: "me", label: "By me" },
];
const assignees = [
  { value: "me", label: "Assigned to me" },
  { value: "nobody", label: "Not assigned" },
];

/** Each choice is written into the text, where it can be changed by hand too. */
export function Filters({ websiteId, text, tags, onChange }: Props) {
  const agents = useAgents(websiteId).data ?? [];
  const named = agents.map(({ name }) => choiceOf(name));
  const select = (operator: Operator, label: string, placeholder: string, choices: Choice[]) => (
    <Select
      size="sm"
      clearable
      searchable={choices.length > 8}
      aria-label={label}
      placeholder={placeholder}
      data={unique(choices)}
      value={chosenOf(choices, readFilter(text, operator))}
      onChange={value => onChange(writeFilter(text, operator, value))}
    />
  );
  const day = (operator: "after" | "before", label: string) => (
    <TextInput
      size="sm"
      type="date"
      label={label}
      classNames={{ root: classes.day, label: classes.dayLabel }}
      value={readFilter(text, operator) ?? ""}
      onChange={event => onChange(writeFilter(text, operator, event.currentTarget.value || null))}
    />
  );
  return (
    <div className={classes.root}>
      {select("is", "Status", "Any status", statuses)}
      {select("from", "Written by", "By anybody", [...authors, ...named])}
      {select("assignee", "Assignee", "Any assignee", [...assignees, ...named])}
      {tags.length > 0 &&
        select(
          "tag",
          "Tag",
          "Any tag",
          tags.map(({ name }) => choiceOf(name)),
        )}
      <div className={classes.days}>
        {day("after", "From")}
        {day("before", "Before")}
      </div>
    </div>
  );
}

const choiceOf = (name: string): Choice => ({ value: unquoted(name), label: name });

/** Agents may have the same name: a search finds all of them by it. */
const unique = (choices: Choice[]): Choice[] =>
  [...new Map(choices.toReversed().map(choice => [choice.value.toLowerCase(), choice])).values()].toReversed();

const chosenOf = (choices: Choice[], value: string | null): string | null =>
  choices.find(choice => choice.value.toLowerCase() === value)?.value ?? null;
