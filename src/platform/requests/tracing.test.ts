import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readConfig } from "#platform/config.ts";
import { openTracing } from "./tracing.ts";

const src = join(import.meta.dirname, "../..");

test("OpenTelemetry is loaded by one file, which is loaded only when traces are wanted", async () => {
  const files = globSync("**/*.ts", { cwd: src }).map(file => ({ file, text: readFileSync(join(src, file), "utf8") }));
  const importing = (what: RegExp) => files.filter(({ text }) => what.test(text)).map(({ file }) => file);
  expect(importing(/from "@opentelemetry\//)).toEqual(["platform/requests/open-telemetry.ts"]);
  expect(importing(/from "[^"]*open-telemetry\.ts"/)).toEqual([]);
  expect(await openTracing(readConfig({}).traces, { version: "1", process: "1" }, () => {})).toBeNull();
});

test("the collector's address and headers are read as OpenTelemetry writes them", () => {
  const { traces } = readConfig({
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://localhost:4318/",
    OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20a%2Cb, x-team = chat",
    OTEL_TRACES_SAMPLER_ARG: "0.25",
  });
  expect(traces).toEqual({
    url: "http://localhost:4318/v1/traces",
    headers: { authorization: "Bearer a,b", "x-team": "chat" },
    serviceName: "prochat",
    ratio: 0.25,
  });
  expect(() => readConfig({ OTEL_EXPORTER_OTLP_HEADERS: "secret words" })).toThrow(
    /^OTEL_EXPORTER_OTLP_HEADERS is "\*\*\*", which is not valid\./,
  );
});
