import type { Socket } from "node:net";
import { Readable } from "node:stream";
import type pg from "pg";

/** Codes of messages: d, c, and those that are passed over: the copy begins, parameters, notices, notifications. */
const copyData = 0x64;
const copyDone = 0x63;
const passedOver = [0x48, 0x53, 0x4e, 0x41];
/** code and length of a message */
const prefixBytes = 5;
/** before the first row: signature, flags, and the length of an extension, which is empty */
const headerBytes = 19;
const newline = 10;

type Connection = { stream: Socket; query(text: string): void };
type Handler = (chunk: Buffer) => void;

/**
 * Reads a query of one text column, never null, by COPY: its values, each with a line break. Give it to client.query(). If
 * it is not read to its end, it ends the connection: what PostgreSQL sends next would be rows.
 *
 * COPY's binary format escapes nothing, and each chunk of the socket is shortened in place to its values. With CSV
 * PostgreSQL looks at each letter twice, and pg-copy-streams makes ten objects a row: npm run bench -- export.
 */
export class CopyOut extends Readable {
  private readonly text: string;
  private readonly onRows: (count: number) => void;
  private connection: Connection | null = null;
  private driver: Handler = () => {};
  private hasHeader = false;
  private isOver = false;
  /** the beginning of a message, whose end is in the next chunk */
  private cut: Buffer | null = null;
  /** of the chunk */
  private rows = 0;

  constructor(query: string, onRows: (count: number) => void = () => {}) {
    super();
    this.text = `copy (${query}) to stdout (format binary)`;
    this.onRows = onRows;
  }

  /** Called by the driver, which reads its socket again when the copy has ended or failed. */
  submit(connection: pg.Connection): void {
    this.connection = connection as unknown as Connection;
    const { stream } = this.connection;
    this.driver = stream.listeners("data")[0] as Handler;
    stream.off("data", this.driver).on("data", this.readChunk);
    this.connection.query(this.text);
  }

  override _read(): void {
    if (!this.isOver) this.connection?.stream.resume();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (!this.isOver) this.connection?.stream.destroy();
    done(error);
  }

  handleError(error: Error): void {
    this.isOver = true;
    this.destroy(error);
  }
  handleCommandComplete(): void {}
  handleReadyForQuery(): void {}

  private readonly readChunk = (chunk: Buffer): void => {
    const at = this.cut ? this.completeCut(this.cut, chunk) : 0;
    if (this.isOver) this.driver(chunk.subarray(at));
    else this.readMessages(chunk, at);
  };

  /** @returns where the next message of the chunk begins */
  private completeCut(begun: Buffer, chunk: Buffer): number {
    let at = 0;
    for (let message = begun; ; ) {
      const length = message.length < prefixBytes ? prefixBytes : lengthOf(message, 0);
      const more = chunk.subarray(at, at + length - message.length);
      at += more.length;
      message = Buffer.concat([message, more]);
      this.cut = message;
      if (message.length < length) return at;
      if (length === lengthOf(message, 0)) {
        this.cut = null;
        this.readMessages(message, 0);
        return at;
      }
    }
  }

  private readMessages(bytes: Buffer, start: number): void {
    let at = start;
    let end = start; // of the values so far
    while (at + prefixBytes <= bytes.length && at + lengthOf(bytes, at) <= bytes.length) {
      const code = bytes[at]!;
      const next = at + lengthOf(bytes, at);
      if (code === copyData) end = this.unpack(bytes, { from: at + prefixBytes, until: next, to: end });
      else if (!passedOver.includes(code)) {
        this.send(bytes.subarray(start, end));
        this.finish(bytes.subarray(at), code === copyDone);
        return;
      }
      at = next;
    }
    // a copy: it would keep the whole chunk
    if (at < bytes.length) this.cut = Buffer.from(bytes.subarray(at));
    this.send(bytes.subarray(start, end));
  }

  /** Moves the values of a message to `to`. Each has more bytes of its own before it. @returns where they end */
  private unpack(bytes: Buffer, { from, until, to }: { from: number; until: number; to: number }): number {
    let at = this.hasHeader ? from : from + headerBytes;
    this.hasHeader = true;
    let end = to;
    // A row has the number of its columns, and of each its length. The last one has -1 columns.
    while (at + 2 <= until && bytes.readInt16BE(at) === 1) {
      const value = at + 6;
      at = value + bytes.readInt32BE(at + 2);
      bytes.copyWithin(end, value, at);
      end += at - value;
      bytes[end++] = newline;
      this.rows++;
    }
    return end;
  }

  private send(values: Buffer): void {
    if (values.length === 0) return;
    this.onRows(this.rows);
    this.rows = 0;
    if (!this.push(values)) this.connection!.stream.pause();
  }

  private finish(rest: Buffer, isWhole: boolean): void {
    this.isOver = true;
    const { stream } = this.connection!;
    stream.off("data", this.readChunk).on("data", this.driver).resume();
    if (isWhole) this.push(null);
    this.driver(rest); // of an error it calls handleError()
  }
}

/** @returns the length of the message that begins there, with its code */
const lengthOf = (bytes: Buffer, at: number): number => 1 + bytes.readInt32BE(at + 1);
