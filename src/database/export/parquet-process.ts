import { once } from "node:events";
import { ByteWriter, parquetWriteRows } from "hyparquet-writer";
import type { ExportedColumn } from "./columns.ts";
import { linesOf } from "./lines.ts";

// The process of parquet.ts: reads NDJSON from stdin, writes Parquet to stdout. Its memory is bounded by a group of rows.

const rowsPerGroup = 5_000;
const columns: ExportedColumn[] = JSON.parse(process.argv[2]!);

/** Times have microseconds, as in the database. */
function microseconds(time: string): bigint {
  const digits = /\.(\d+)/.exec(time)?.[1] ?? "";
  return BigInt(Date.parse(time.replace(/\.\d+/, ""))) * 1000n + BigInt(digits.padEnd(6, "0").slice(0, 6));
}

const schemaOf = ({ name, type }: ExportedColumn) => {
  const optional = { name, repetition_type: "OPTIONAL" } as const;
  if (type === "integer") return { ...optional, type: "INT32" } as const;
  if (type === "number") return { ...optional, type: "DOUBLE" } as const;
  if (type === "boolean") return { ...optional, type: "BOOLEAN" } as const;
  if (type === "time") return { ...optional, type: "INT64", converted_type: "TIMESTAMP_MICROS" } as const;
  return { ...optional, type: "BYTE_ARRAY", converted_type: type === "json" ? "JSON" : "UTF8" } as const;
};

const times = columns.filter(({ type }) => type === "time").map(({ name }) => name);

async function* rows() {
  for await (const line of linesOf(process.stdin)) {
    const row = JSON.parse(line);
    for (const name of times) if (row[name] !== null) row[name] = microseconds(row[name]);
    yield row;
  }
}

/** Hands on what a group of rows has written, before the next is read. */
class StdoutWriter extends ByteWriter {
  async flush(): Promise<void> {
    const bytes = Buffer.from(this.getBytes());
    this.index = 0;
    if (bytes.length > 0 && !process.stdout.write(bytes)) await once(process.stdout, "drain");
  }
}

const writer = new StdoutWriter();
await parquetWriteRows({
  writer,
  rows: rows(),
  columns: columns.map(({ name }) => ({ name })),
  schema: [{ name: "root", num_children: columns.length }, ...columns.map(schemaOf)],
  rowGroupSize: rowsPerGroup,
});
await writer.flush();
