/** The limits that server and clients share. No zod here: the widget carries this file. */
export const limits = {
  /** of the socket's protocol, as hello says it; 1 knows no changed messages */
  protocolVersion: 2,
  /** clients of an older protocol are asked to reload */
  minProtocolVersion: 1,
  /** characters of a message */
  messageLength: 10_000,
  /** bytes of a socket frame and of an HTTP body */
  frameBytes: 64 * 1024,
  /** messages of a page */
  pageSize: 50,
  pageSizeMax: 100,
  /** tags of a website, and of a conversation */
  tagsMax: 200,
  conversationTagsMax: 20,
  /** conversations of an inbox page */
  inboxPageSize: 30,
  /** unread conversations are counted up to here and shown as 99+: the cost of a count is bounded, a backlog is not */
  unreadCountMax: 100,
  /** a socket gets a frame at least this often, or it is broken */
  heartbeatMs: 25_000,
  /** a long-polling request is answered by then; proxies end longer ones */
  pollMs: 25_000,
  /** a socket that has not said hello by then is closed */
  helloMs: 10_000,
  /** without an answer to a command by then, the socket is broken */
  replyMs: 10_000,
  /** "is typing" is sent again this often, and expires after twice that */
  typingMs: 3_000,
  /** a visitor may edit and delete a message of their own this long */
  visitorEditMs: 900_000,
  /** a conversation takes messages this long; the next message opens one that continues it */
  conversationDays: 30,
} as const;
