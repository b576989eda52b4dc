import type { Socket } from "node:net";
import { ReadingSocket } from "#database/connection/reading-socket.ts";

const copyData = 0x64;
/** a kind and a length, which counts itself but not the kind */
const headerBytes = 5;

type OnPart = (part: Buffer, at: { isStart: boolean; isEnd: boolean }) => void;

/**
 * Takes the CopyData messages out of what PostgreSQL sends; all others go to the driver. The driver would copy each byte once
 * more and make an object of each message: half of the client's time.
 * @param stream  of a connection that is idle
 * @param onPart  called with a message's content as it comes in; a part is valid during the call only
 * @returns a function that gives the stream back to the driver, at the end of a message
 */
export function readCopyData(stream: Socket, onPart: OnPart): () => void {
  const driver = stream.listeners("data") as ((bytes: Buffer) => void)[];
  const header = Buffer.alloc(headerBytes);
  let headerFilled = 0;
  let contentLeft = 0;
  let isStart = false;

  const pass = (bytes: Buffer) => {
    for (const listener of driver) listener.call(stream, Buffer.from(bytes)); // the driver may keep it
  };

  /** @returns how many bytes belong to the header */
  function takeHeader(bytes: Buffer): number {
    const taken = bytes.copy(header, headerFilled);
    headerFilled += taken;
    if (headerFilled < headerBytes) return taken;
    contentLeft = header.readUInt32BE(1) - 4;
    isStart = true;
    if (header[0] !== copyData) pass(header);
    if (contentLeft === 0) headerFilled = 0;
    return taken;
  }

  /** @returns how many bytes belong to the message */
  function takeContent(bytes: Buffer): number {
    const part = bytes.subarray(0, contentLeft);
    contentLeft -= part.length;
    const isEnd = contentLeft === 0;
    if (isEnd) headerFilled = 0;
    if (header[0] === copyData) onPart(part, { isStart, isEnd });
    else pass(part);
    isStart = false;
    return part.length;
  }

  function onData(bytes: Buffer) {
    for (let at = 0; at < bytes.length; ) {
      const rest = bytes.subarray(at);
      at += headerFilled < headerBytes ? takeHeader(rest) : takeContent(rest);
    }
  }

  if (stream instanceof ReadingSocket) {
    stream.reader = onData;
    return () => {
      stream.reader = null;
    };
  }
  for (const listener of driver) stream.off("data", listener);
  stream.on("data", onData);
  return () => {
    stream.off("data", onData);
    for (const listener of driver) stream.on("data", listener);
  };
}
