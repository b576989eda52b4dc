import type { Tracing } from "./request-context.ts";
import type { TraceSettings } from "./trace-settings.ts";

/**
 * OpenTelemetry, if there are settings. Otherwise it is not even loaded.
 * @param program  its version, and a name of the process among those of the server
 */
export async function openTracing(
  settings: TraceSettings | null,
  program: { version: string; process: string },
  onError: (error: Error) => void,
): Promise<Tracing | null> {
  if (settings === null) return null;
  const { openOpenTelemetry } = await import("./open-telemetry.ts");
  return openOpenTelemetry(settings, program, onError);
}
