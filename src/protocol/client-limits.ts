/** The limits that server and clients share. The widget contains those that it uses, so there is no zod here. */

/** of the protocol, sent in hello; version 1 has no edits and deletions */
export const protocolVersion = 2;
/** characters of a message */
export const messageLength = 10_000;
/** a socket gets a frame at least this often, or it is broken */
export const heartbeatMs = 25_000;
/** without an answer to a command by then, the socket is broken */
export const replyMs = 10_000;
/** "is typing" is sent again this often, and expires after twice that */
export const typingMs = 3_000;
/** a visitor may edit and delete a message of their own this long */
export const visitorEditMs = 900_000;
/** what was deleted can be brought back this long, in days */
export const undoDays = 30;
