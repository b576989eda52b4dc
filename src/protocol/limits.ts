import * as clientLimits from "./client-limits.ts";

/** The limits that server and clients share, and those of the server. */
export const limits = {
  ...clientLimits,
  /** clients of an older protocol are asked to reload */
  minProtocolVersion: 1,
  /** bytes of a socket frame and of an HTTP body */
  frameBytes: 64 * 1024,
  /** messages of a page */
  pageSize: 50,
  pageSizeMax: 100,
  /** tags of a website, and of a conversation */
  tagsMax: 200,
  conversationTagsMax: 20,
  /** of a search: characters, words, results of a page */
  searchLength: 300,
  searchWords: 30,
  searchPageSize: 20,
  /** canned replies of a website, and own ones of an agent */
  cannedRepliesMax: 500,
  /** channels of alerts */
  alertChannelsMax: 20,
  /** conversations of an inbox page */
  inboxPageSize: 30,
  /** unread conversations are counted up to here and shown as 99+: the cost of a count is bounded, a backlog is not */
  unreadCountMax: 100,
  /** a long-polling request is answered by then; proxies end longer ones */
  pollMs: 25_000,
  /** a socket without a hello by then is closed */
  helloMs: 10_000,
  /** after them the file of an export is deleted */
  exportDays: 7,
  /** a conversation takes messages this long; the next message opens one that continues it */
  conversationDays: 30,
  /** a website may keep its conversations this long, ten years */
  retentionDaysMax: 3650,
} as const;
