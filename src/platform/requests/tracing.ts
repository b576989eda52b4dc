import type { Span } from "./request-context.ts";
import type { TraceSettings } from "./trace-settings.ts";

/** Sends traces to a collector. Their attributes are names, numbers and ids: never people's words. */
export type Tracing = Pick<Span, "start"> & {
  /** Sends what is left. */
  stop(): Promise<void>;
};

/**
 * OpenTelemetry, if there are settings. Otherwise it is not even loaded.
 * @param process  names the process among those of the server
 */
export async function openTracing(
  settings: TraceSettings | null,
  process: string,
  onError: (error: Error) => void,
): Promise<Tracing | null> {
  if (settings === null) return null;
  const { openOpenTelemetry } = await import("./open-telemetry.ts");
  return openOpenTelemetry(settings, process, onError);
}
