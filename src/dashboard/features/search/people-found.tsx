import { Link } from "@tanstack/react-router";
import { visitorName } from "#dashboard/text/words.ts";
import { Ago } from "#dashboard/ui/ago.tsx";
import type { FoundPerson } from "#protocol/search.ts";
import classes from "./people-found.module.css";
import row from "./result-row.module.css";

/** Each leads to their newest conversation. */
export const PeopleFound = ({ websiteId, people }: { websiteId: number; people: FoundPerson[] }) => (
  <ul className={classes.list} aria-label="People">
    {people.map(person => (
      <li key={person.visitorId}>
        <Link
          to="/w/$websiteId/inbox/$view/$conversationId"
          params={{ websiteId, view: "all", conversationId: person.conversationId }}
          preload={false}
          className={row.root}
          data-result
        >
          <span className={row.line}>
            <span className={row.name}>{visitorName({ ...person, id: person.visitorId })}</span>
            <Ago moment={person.lastMessageAt} className={row.when} />
          </span>
          {person.name && person.email && <span className={row.facts}>{person.email}</span>}
        </Link>
      </li>
    ))}
  </ul>
);
