import pg from "pg";
import { sendAlone } from "#bench/send-alone.ts";
import { newId } from "#client/ids.ts";
import { summarize } from "#lab/load/latency.ts";
import { idOf, type Send } from "./targets.ts";

/** The same transaction over a pool of `pg`, prepared: what is measured where pgbench is missing. */
export const sendPlainly: Send = async (url, { targets, clients, seconds, body }) => {
  const pool = new pg.Pool({ connectionString: url, max: clients });
  const times: number[] = [];
  const begun = performance.now();
  const end = begun + seconds * 1_000;
  async function send() {
    const id = idOf(targets, 1 + Math.floor(Math.random() * targets.conversations));
    await sendAlone(pool, {
      websiteId: targets.websiteId,
      conversationId: id,
      id: newId(),
      kind: "text",
      body,
      author: "visitor",
      authorId: id,
    });
  }
  async function client() {
    for (let sentAt = performance.now(); sentAt < end; sentAt = performance.now()) {
      await send();
      times.push(performance.now() - sentAt);
    }
  }
  await Promise.all(Array.from({ length: clients }, client));
  const messagesPerSecond = (times.length / (performance.now() - begun)) * 1_000;
  await pool.end();
  return { messages: times.length, messagesPerSecond, p99Ms: summarize([Float64Array.from(times)]).p99Ms };
};
