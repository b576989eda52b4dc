import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "#client/ids.ts";
import { inboxOf } from "#client/inbox.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import type { AgentClient } from "#lab/actors/people.ts";
import type { Conversation } from "#protocol/conversations.ts";
import { type Inbox, InboxView } from "#protocol/inbox.ts";
import { limits } from "#protocol/limits.ts";
import type { Tag } from "#protocol/tags.ts";

/** A view is said twice: in SQL for the pages, and in the client for events. Random rows, and both must agree. */

const count = limits.inboxPageSize * 5;

let app: App;
let agent: AgentClient;
const tags: Tag[] = [];

beforeAll(async () => {
  app = await startApp();
  const scene = await app.scene();
  agent = scene.agent;
  const website = `/websites/${app.website.id}`;
  for (const name of ["Refund", "Bug"]) {
    tags.push(await agent.api<Tag>("POST", `${website}/tags`, { name, colour: "#3457d5" }));
  }
  const assignees = [null, agent.me.user.id, app.owner.me.user.id];
  const rows = Array.from({ length: count }, () => ({
    id: newId(),
    status: oneOf(["open", "open", "open", "resolved"]),
    assignee: oneOf(assignees),
    // many share a moment: then the id decides. Some lie minutes apart: the database sorts by five minutes first
    secondsAgo: oneOf([1, 2, 3, 290, 300, 310, 900]),
    tag: oneOf([null, tags[0]!.id, tags[1]!.id]),
    isDeleted: Math.random() < 0.1,
  }));
  await app.sql.query(
    `with r as (
      select * from jsonb_to_recordset($2) as r (id uuid, status text, assignee uuid, "secondsAgo" integer, tag uuid,
        "isDeleted" boolean)
    ), made as (
      insert into conversations (website_id, visitor_id, id, status, assignee_id, tag_ids, last_message_at, deleted_at)
      select c.website_id, c.visitor_id, r.id, r.status::conversation_status, r.assignee,
        array_remove(array[r.tag], null), c.created_at - make_interval(secs => r."secondsAgo"),
        case when r."isDeleted" then now() end
      from conversations c, r
      where c.id = $1
    )
    insert into conversation_tags (website_id, conversation_id, tag_id)
    select $3, id, tag from r where tag is not null`,
    [scene.conversationId, JSON.stringify(rows), app.website.id],
  );
});
afterAll(() => app.stop());

const oneOf = <Value>(values: Value[]): Value => values[Math.floor(Math.random() * values.length)]!;

async function pagesOf(reader: AgentClient, view: InboxView, tagId?: string): Promise<Conversation[][]> {
  const pages: Conversation[][] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const query = new URLSearchParams({ view, ...(tagId && { tag: tagId }), ...(cursor && { cursor }) });
    const page: Inbox = await reader.api("GET", `/websites/${app.website.id}/inbox?${query}`);
    pages.push(page.conversations);
    cursor = page.nextCursor;
  }
  return pages;
}

test("each page of each view, for each reader and tag, is what the client makes of all rows", async () => {
  const all = [...(await pagesOf(agent, "all")), ...(await pagesOf(agent, "resolved"))].flat();
  const { rows } = await app.sql.query("select count(*)::integer as live from conversations where deleted_at is null");
  expect(all).toHaveLength(rows[0].live);
  const state = { conversations: Object.fromEntries(all.map(row => [row.id, row])) };

  for (const reader of [agent, app.owner]) {
    for (const view of InboxView.options) {
      for (const tagId of [undefined, ...tags.map(({ id }) => id)]) {
        const query = { websiteId: app.website.id, view, userId: reader.me.user.id, tagId };
        const pages = await pagesOf(reader, view, tagId);
        for (const nth of pages.keys()) {
          const soFar = pages.slice(0, nth + 1).flat();
          const horizon = nth === pages.length - 1 ? null : soFar.at(-1)!;
          expect({ view, tagId, nth, ids: idsOf(soFar) }).toEqual({
            view,
            tagId,
            nth,
            ids: idsOf(inboxOf(state, query, horizon)),
          });
        }
      }
    }
  }
});

const idsOf = (conversations: Conversation[]) => conversations.map(({ id }) => id);
