/** Metrics of a server, by name and labels. */
export type Scrape = {
  /** The sum of all values of a metric that have these labels. */
  sum(name: string, labels?: Record<string, string>): number;
  /** The distinct values of a label, sorted. */
  valuesOf(label: string): string[];
};

const timeoutMs = 5_000;

/** @param headers  such as a token @throws Error if the server refuses, or a frozen process got the request */
export async function scrape(url: string, headers: Record<string, string> = {}): Promise<Scrape> {
  const response = await fetch(`${url}/metrics`, { headers, signal: AbortSignal.timeout(timeoutMs) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status}: ${text}`);
  const values = text
    .split("\n")
    .filter(line => line && !line.startsWith("#"))
    .map(parse);
  return {
    sum: (name, labels = {}) =>
      values
        .filter(value => value.name === name && Object.entries(labels).every(([key, is]) => value.labels[key] === is))
        .reduce((sum, { value }) => sum + value, 0),
    valuesOf: label => [...new Set(values.flatMap(({ labels }) => labels[label] ?? []))].sort(),
  };
}

/** Parses name{label="value",…} number */
function parse(line: string) {
  const [, name = "", labels = "", value = ""] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, is]) => [key, is]);
  return { name, labels: Object.fromEntries(pairs) as Record<string, string>, value: Number(value) };
}
