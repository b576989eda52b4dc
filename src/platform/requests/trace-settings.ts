export type TraceSettings = {
  /** of the collector, for traces over OTLP/HTTP */
  url: string;
  headers: Record<string, string>;
  serviceName: string;
  /** of the traces that are sent, 0 to 1 */
  ratio: number;
};

type Values = {
  OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
  OTEL_EXPORTER_OTLP_HEADERS?: string | undefined;
  OTEL_SERVICE_NAME: string;
  OTEL_TRACES_SAMPLER_ARG: number;
};

/** @returns null: nothing is traced */
export function readTraceSettings(values: Values): TraceSettings | null {
  const endpoint = values.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (!endpoint) return null;
  return {
    url: `${endpoint.replace(/\/$/, "")}/v1/traces`,
    headers: parseHeaders(values.OTEL_EXPORTER_OTLP_HEADERS ?? "")!,
    serviceName: values.OTEL_SERVICE_NAME,
    ratio: values.OTEL_TRACES_SAMPLER_ARG,
  };
}

/** As OpenTelemetry writes them: name=value, joined by commas, values escaped as in URLs. undefined: not valid */
export function parseHeaders(text: string): Record<string, string> | undefined {
  const headers: Record<string, string> = {};
  for (const entry of text.split(",").filter(each => each.trim() !== "")) {
    const [, name, value] = /^\s*([\w-]+)\s*=\s*(.*?)\s*$/.exec(entry) ?? [];
    if (name === undefined || value === undefined) return undefined;
    try {
      headers[name] = decodeURIComponent(value);
    } catch {
      return undefined;
    }
  }
  return headers;
}
