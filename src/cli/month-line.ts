/** A month in one aligned line: "2026-08  archived    12.5 MB  about 3,400 messages". */
export function monthLine(p: { month: string; state: string; messages: number | null; sizeBytes: number }): string {
  const count = p.messages === null ? "not counted yet" : `about ${p.messages.toLocaleString("en-US")} messages`;
  return `${p.month}  ${p.state.padEnd(8)}  ${`${(p.sizeBytes / 1024 / 1024).toFixed(1)} MB`.padStart(12)}  ${count}`;
}
