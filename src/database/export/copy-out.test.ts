import { EventEmitter } from "node:events";
import { buffer } from "node:stream/consumers";
import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectDirectly } from "#database/direct-connection.ts";
import { cloneDatabase } from "#lab/clusters/databases.ts";
import { CopyOut } from "./copy-out.ts";

let database: Awaited<ReturnType<typeof cloneDatabase>>;
let client: pg.Client;
beforeAll(async () => {
  database = await cloneDatabase();
  client = await connectDirectly(database.url);
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

const values = ["first", "", "two\nlines \\ and \u0001", "é 👩‍👩‍👧‍👦", "x".repeat(300)];
const lines = Buffer.from(values.map(value => `${value}\n`).join(""));

/** What PostgreSQL sends for these values, and after them. */
function messages() {
  const message = (code: string, body: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(body.length + 4);
    return Buffer.concat([Buffer.from(code), length, body]);
  };
  const row = (value: string) => {
    const head = Buffer.alloc(6);
    head.writeInt16BE(1);
    head.writeInt32BE(Buffer.byteLength(value), 2);
    return Buffer.concat([head, Buffer.from(value)]);
  };
  const header = Buffer.concat([Buffer.from("PGCOPY\n\xff\r\n\0", "latin1"), Buffer.alloc(8)]);
  const rows = values.map((value, i) => (i === 0 ? Buffer.concat([header, row(value)]) : row(value)));
  const notice = message("N", Buffer.from("SNOTICE\0\0"));
  const copied = [message("H", Buffer.alloc(5)), ...rows.map(each => message("d", each)), notice];
  const end = [message("d", Buffer.from([0xff, 0xff])), message("c", Buffer.alloc(0))];
  const after = [message("C", Buffer.from("COPY 5\0")), message("Z", Buffer.from("I"))];
  return { bytes: Buffer.concat([...copied, ...end, ...after]), after: Buffer.concat(after) };
}

test("wherever the socket cuts the bytes, the values are whole, and the driver gets what follows", async () => {
  const { bytes, after } = messages();
  for (let size = 1; size <= bytes.length; size++) {
    const stream = Object.assign(new EventEmitter(), { pause() {}, resume() {} });
    const got: Buffer[] = [];
    stream.on("data", chunk => got.push(Buffer.from(chunk)));
    let rows = 0;
    const copy = new CopyOut("", count => {
      rows += count;
    });
    copy.submit({ stream, query() {} } as unknown as pg.Connection);
    for (let at = 0; at < bytes.length; at += size) stream.emit("data", Buffer.from(bytes.subarray(at, at + size)));
    expect((await buffer(copy)).equals(lines), `chunks of ${size}`).toBe(true);
    expect(rows).toBe(values.length);
    const driverGot = Buffer.concat(got);
    expect(driverGot.subarray(-after.length).equals(after), `chunks of ${size}`).toBe(true);
    expect(driverGot.length).toBe(after.length + 5); // with CopyDone
  }
});

test("a slow reader holds PostgreSQL up, and gets every row", async () => {
  const copy = client.query(new CopyOut("select repeat('x', 1000) from generate_series(1, 20000)"));
  let bytes = 0;
  for await (const chunk of copy) {
    bytes += chunk.length;
    if (bytes % 7 === 0) await new Promise(setImmediate);
  }
  expect(bytes).toBe(20_000 * 1001);
  expect((await client.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
});

test("an error on the way is one of the stream, and the connection goes on", async () => {
  const copy = client.query(new CopyOut("select (1 / (50000 - i))::text from generate_series(1, 60000) i"));
  await expect(buffer(copy)).rejects.toMatchObject({ code: "22012" });
  await expect(buffer(client.query(new CopyOut("select nowhere")))).rejects.toMatchObject({ code: "42703" });
  expect(String(await buffer(client.query(new CopyOut("select 'one' where false"))))).toBe("");
  expect(String(await buffer(client.query(new CopyOut("select 'one'"))))).toBe("one\n");
});

test("a reader who leaves ends the connection", async () => {
  const own = await connectDirectly(database.url);
  const ended = new Promise(resolve => own.once("end", resolve));
  for await (const _ of own.query(new CopyOut("select repeat('x', 1000) from generate_series(1, 100000)"))) break;
  await ended;
});
