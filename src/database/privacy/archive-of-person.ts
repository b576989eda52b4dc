import { Readable } from "node:stream";
import { ZipFile } from "yazl";
import type { Db } from "#database/connect.ts";
import type { Storage } from "#platform/storage/storage.ts";
import { rowsInExports } from "./exported-months.ts";
import { exportedTables } from "./exported-tables.ts";
import { type MonthStates, readMonthStates, rowsHeld } from "./held.ts";

type Person = { websiteId: number; visitorId: string };

/**
 * Everything that is kept of a visitor, as a zip: a JSON file for each table that has rows of theirs by nature, one for the
 * exports of months that the database does not have any more, and a text that explains them. It is written while it is read,
 * a page of rows at a time. It fails where the database fails.
 * @param about  lines for the text, such as the website's name
 */
export function archiveOfPerson(db: Db, storage: Storage, person: Person, about: string[]): Readable {
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  zip.on("error", error => output.destroy(error as unknown as Error));
  zip.addBuffer(Buffer.from(explain(person, about)), "README.txt");
  const add = (name: string, pages: () => AsyncIterable<string[]>) =>
    zip.addReadStreamLazy(name, { compress: true }, begin => {
      const rows = Readable.from(jsonOf(pages()), { objectMode: false });
      rows.on("error", error => output.destroy(error));
      begin(null, rows);
    });
  let months: Promise<MonthStates> | undefined;
  for (const table of exportedTables) {
    add(`${table}.json`, async function* () {
      months ??= readMonthStates(db);
      yield* rowsHeld(db, person, table, await months);
    });
  }
  add("exported.json", () => rowsInExports(db, storage, person));
  zip.end();
  return output;
}

/** An array, a row a line. */
async function* jsonOf(pages: AsyncIterable<string[]>): AsyncGenerator<string> {
  let before = "[\n";
  for await (const page of pages) {
    yield before + page.join(",\n");
    before = ",\n";
  }
  yield before === "[\n" ? "[]\n" : "\n]\n";
}

const explain = ({ visitorId }: Person, about: string[]): string =>
  [
    ...about,
    `Visitor ${visitorId}, as of ${new Date().toISOString()}`,
    "",
    "One file for each table of the database. Each has the rows that are kept of this person: an array, a row a line.",
    "What was deleted and can still be brought back is here too, with the time in deleted_at.",
    "",
    "visitors.json            who the person is, and the last page that they were on",
    "conversations.json       their conversations",
    "conversation_tags.json   how people who answer have labelled these",
    "messages.json            the messages; those of kind note were written by people who answer, for each other",
    "messages_archive.json    the same, of older months",
    "exported.json            of months that are deleted from the database: all of the above, as they were exported before",
    "",
  ].join("\n");
