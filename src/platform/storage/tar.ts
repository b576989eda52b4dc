const blockBytes = 512;

export type TarEntry = {
  /** a relative path of at most 100 bytes behind its last folder, and 155 before */
  name: string;
  sizeBytes: number;
  modifiedAt: Date;
  open(): Promise<AsyncIterable<Buffer>>;
};

const padded = (bytes: number) => Math.ceil(bytes / blockBytes) * blockBytes;

/** Of the whole archive. */
export const sizeOfTar = (entries: Pick<TarEntry, "sizeBytes">[]): number =>
  entries.reduce((sum, { sizeBytes }) => sum + blockBytes + padded(sizeBytes), 2 * blockBytes);

/**
 * Writes files as one tar (ustar), as each `tar` reads it, one after the other and with flat memory.
 * @throws Error if a file has another size than its entry says; what `open` throws
 */
export async function* writeTar(entries: TarEntry[]): AsyncGenerator<Buffer> {
  for (const entry of entries) {
    yield headerOf(entry);
    let written = 0;
    for await (const chunk of await entry.open()) {
      written += chunk.length;
      if (written > entry.sizeBytes) break;
      yield chunk;
    }
    if (written !== entry.sizeBytes) throw new Error(`${entry.name} has changed while it was read`);
    yield Buffer.alloc(padded(written) - written);
  }
  yield Buffer.alloc(2 * blockBytes);
}

/** See "ustar Interchange Format" in POSIX. */
function headerOf({ name, sizeBytes, modifiedAt }: TarEntry): Buffer {
  const header = Buffer.alloc(blockBytes);
  const [prefix, base] = splitName(name);
  header.write(base, 0);
  header.write("0000600\0", 100);
  header.write("0000000\0", 108); // user
  header.write("0000000\0", 116); // group
  writeSize(header, sizeBytes);
  header.write(
    `${Math.floor(modifiedAt.getTime() / 1000)
      .toString(8)
      .padStart(11, "0")}\0`,
    136,
  );
  header.write(" ".repeat(8), 148); // its sum counts as blanks
  header.write("0", 156); // a file
  header.write("ustar\x0000", 257);
  header.write(prefix, 345);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

/** Eleven octal digits, or from 8 GB on a binary number, as GNU tar and others write it. */
function writeSize(header: Buffer, sizeBytes: number): void {
  if (sizeBytes < 8 ** 11) {
    header.write(`${sizeBytes.toString(8).padStart(11, "0")}\0`, 124);
    return;
  }
  header[124] = 0x80;
  header.writeBigUInt64BE(BigInt(sizeBytes), 128);
}

function splitName(name: string): [prefix: string, base: string] {
  if (Buffer.byteLength(name) <= 100) return ["", name];
  const at = name.lastIndexOf("/");
  const [prefix, base] = [name.slice(0, at), name.slice(at + 1)];
  if (at > 0 && Buffer.byteLength(prefix) <= 155 && Buffer.byteLength(base) <= 100) return [prefix, base];
  throw new Error(`The name ${name} is too long for a tar`);
}
