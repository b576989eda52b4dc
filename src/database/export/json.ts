/** Puts a comma between the lines of NDJSON. JSON has no line breaks of its own there, so the bytes are enough. */
async function* commaSeparated(rows: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let owed = "";
  for await (const chunk of rows) {
    // One character a byte: a letter of several bytes may be cut between two chunks.
    const text = owed + Buffer.from(chunk).toString("latin1");
    owed = text.endsWith("\n") ? "\n" : "";
    yield (owed ? text.slice(0, -1) : text).replaceAll("\n", ",\n");
  }
}

/** One JSON object with an array for each table. @param tables  their rows as NDJSON, read one after the other */
export async function* toJson(
  about: Record<string, unknown>,
  tables: [name: string, rows: AsyncIterable<Uint8Array>][],
): AsyncGenerator<Buffer> {
  yield Buffer.from(JSON.stringify(about).replace(/}$/, ""));
  for (const [name, rows] of tables) {
    yield Buffer.from(`,\n${JSON.stringify(name)}: [\n`);
    for await (const text of commaSeparated(rows)) yield Buffer.from(text, "latin1");
    yield Buffer.from("\n]");
  }
  yield Buffer.from("\n}\n");
}
