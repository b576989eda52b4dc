import { randomBytes } from "node:crypto";
import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { expect, test } from "vitest";
import { ChunkQueue } from "./chunk-queue.ts";
import { readCopyData } from "./copy-reader.ts";

const message = (kind: string, content: Buffer) => {
  const header = Buffer.alloc(5);
  header.write(kind, 0);
  header.writeUInt32BE(content.length + 4, 1);
  return Buffer.concat([header, content]);
};

test("wherever the network cuts the messages, the copy is taken and all others reach the driver", () => {
  const sent = [
    message("H", Buffer.from([0, 0, 0])),
    message("d", Buffer.from("dfirst")),
    message("S", Buffer.alloc(0)),
    message("d", Buffer.from("d")),
    message("d", Buffer.from("dsecond")),
    message("c", Buffer.alloc(0)),
  ];
  const bytes = Buffer.concat(sent);
  for (let size = 1; size <= bytes.length; size++) {
    const stream = new EventEmitter();
    const driver: Buffer[] = [];
    stream.on("data", part => driver.push(part));
    const copied: string[] = [];
    const giveBack = readCopyData(stream as Socket, (part, { isStart }) => {
      if (isStart) copied.push("");
      copied[copied.length - 1] += part.toString();
    });
    for (let at = 0; at < bytes.length; at += size) stream.emit("data", bytes.subarray(at, at + size));
    giveBack();
    stream.emit("data", Buffer.from("Z"));
    expect(copied).toEqual(["dfirst", "d", "dsecond"]);
    expect(Buffer.concat(driver)).toEqual(Buffer.concat([sent[0]!, sent[2]!, sent[5]!, Buffer.from("Z")]));
  }
});

test("a body is read as it was written, and its writer is told to wait", async () => {
  const pressure: boolean[] = [];
  const queue = new ChunkQueue(isFull => void pressure.push(isFull));
  const written = randomBytes(7_300_000);
  for (let at = 0; at < written.length; at += 70_001) queue.write(written.subarray(at, at + 70_001));
  queue.end();
  const read: Buffer[] = [];
  for await (const chunk of queue) read.push(Buffer.from(chunk));
  expect(Buffer.concat(read).equals(written)).toBe(true);
  expect(pressure).toEqual([true, false]);
});

test("a body that failed fails its reader", async () => {
  const queue = new ChunkQueue(() => {});
  queue.write(Buffer.alloc(2 ** 20));
  queue.fail(new Error("the connection broke"));
  const reading = queue[Symbol.asyncIterator]();
  await expect(reading.next()).rejects.toThrow("the connection broke");
});
