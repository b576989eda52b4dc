/** PostgreSQL sends 32 KB at once; packing and writing that is twice as slow as this. */
const chunkBytes = 2 ** 20;
/** Chunks that wait while the store is slower than PostgreSQL. */
const maxWaiting = 6;

/** A body that is written here and read elsewhere, in chunks that are used again: a new one would cost more than its copy. */
export class ChunkQueue implements AsyncIterable<Buffer> {
  private readonly onPressure: (isFull: boolean) => void;
  private readonly waiting: Buffer[] = [];
  private readonly spare: Buffer[] = [];
  private chunk: Buffer = Buffer.allocUnsafeSlow(chunkBytes);
  private filled = 0;
  private state: "open" | "ended" | { failure: Error } = "open";
  private wake = Promise.withResolvers<void>();

  /** @param onPressure  called when enough waits, and when there is room again */
  constructor(onPressure: (isFull: boolean) => void) {
    this.onPressure = onPressure;
  }

  /** Copies at once. */
  write(bytes: Buffer): void {
    for (let from = 0; from < bytes.length; ) {
      const copied = bytes.copy(this.chunk, this.filled, from);
      this.filled += copied;
      from += copied;
      if (this.filled === chunkBytes) this.pass();
    }
  }

  end(): void {
    if (this.state !== "open") return;
    if (this.filled > 0) this.pass();
    this.state = "ended";
    this.wake.resolve();
  }

  fail(failure: Error): void {
    if (this.state !== "open") return;
    this.state = { failure };
    this.wake.resolve();
  }

  /** A chunk is valid until the next one is asked for. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    for (;;) {
      if (typeof this.state === "object") throw this.state.failure;
      const chunk = this.waiting.shift();
      if (chunk) {
        if (this.waiting.length === maxWaiting - 1) this.onPressure(false);
        yield chunk;
        if (chunk.length === chunkBytes) this.spare.push(chunk);
      } else if (this.state === "ended") return;
      else {
        this.wake = Promise.withResolvers();
        await this.wake.promise;
      }
    }
  }

  private pass(): void {
    this.waiting.push(this.chunk.subarray(0, this.filled));
    this.chunk = this.spare.pop() ?? Buffer.allocUnsafeSlow(chunkBytes);
    this.filled = 0;
    if (this.waiting.length === maxWaiting) this.onPressure(true);
    this.wake.resolve();
  }
}
