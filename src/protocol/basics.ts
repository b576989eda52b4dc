import { z } from "zod";
import { type ErrorCode, errorStatus } from "./errors.ts";

/** An id. Letters in upper case are the same id: everything behind this schema compares ids as text, in lower case. */
export const Uuid = z.uuid().toLowerCase();

export const WebsiteId = z.coerce.number().int().positive().max(2_147_483_647);

/** Where to go on reading, in a query: a number of a message, or a version. */
export const Position = z.coerce.number().int().min(0).max(2_147_483_647);

export const Seq = z.number().int().min(0).max(2_147_483_647);

/** A moment, ISO 8601 in UTC. */
export const Moment = z.iso.datetime();

/** Of a page's last row, as a cursor has it: `<moment>_<id>`. PostgreSQL knows no year 0. */
export const PlaceInTime = z.tuple([Moment.refine(at => at > "0001" && !Number.isNaN(Date.parse(at))), Uuid]);

export const Colour = z.string().regex(/^#[0-9a-f]{6}$/i, "a colour such as #3457d5");

export const Name = z.string().trim().min(1, "is empty").max(100);

/** Bodies and answers of the HTTP endpoints. Requests and answers of one endpoint stand together. */

/** The answer to every refused or failed request. */
export const ErrorAnswer = z.object({
  error: z.object({
    code: z.enum(Object.keys(errorStatus) as [ErrorCode, ...ErrorCode[]]),
    message: z.string().describe("what was wrong, with which value, and what to do"),
    details: z.unknown().optional(),
    requestId: z.string().optional().describe("of a failure on the server's side: its log has the number, too"),
  }),
});
