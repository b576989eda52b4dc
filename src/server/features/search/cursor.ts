import { z } from "zod";
import { Uuid } from "#protocol/basics.ts";
import { AppError } from "#protocol/errors.ts";
import type { Place } from "./queries.ts";

const number = z.string().regex(/^\d{1,16}$/);
const Cursor = z.tuple([number, Uuid, number]);

export const writeCursor = ({ at, conversationId, seq }: Place): string => `${at}_${conversationId}_${seq}`;

/** @throws AppError "invalid_cursor" */
export function readCursor(cursor: string): Place {
  const { data } = Cursor.safeParse(cursor.split("_"));
  const [at, conversationId, seq] = [Number(data?.[0]), data?.[1], Number(data?.[2])];
  if (conversationId && at < 8.64e15 && seq <= 2_147_483_647) return { at, conversationId, seq };
  throw new AppError("invalid_cursor", "The cursor is not from a page of this search. Search again.");
}
