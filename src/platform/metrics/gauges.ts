import { Counter, Gauge, type Metric, type Registry } from "prom-client";

type Named<Label extends string> = { name: string; help: string; labelNames?: Label[] };
type LabelledValue<Label extends string> = [labels: Record<Label, string>, value: number];

/** Gauges that are read when metrics are requested, and cost nothing before. */
export function gauges<Label extends string = never>(
  registry: Registry,
  named: Named<Label>,
  read: () => LabelledValue<Label>[],
): void {
  new Gauge<Label>({
    ...named,
    registers: [registry],
    collect() {
      this.reset();
      for (const [labels, value] of read()) this.set(labels, value);
    },
  });
}

/** Counters whose values something else keeps since the start of the process. */
export function counters<Label extends string = never>(
  registry: Registry,
  named: Named<Label>,
  read: () => LabelledValue<Label>[],
): void {
  new Counter<Label>({
    ...named,
    registers: [registry],
    collect() {
      this.reset();
      for (const [labels, value] of read()) this.inc(labels, value);
    },
  });
}

export type FastCounter = {
  /** @param values  of the labels, in their order: few different ones, without spaces */
  count(...values: string[]): void;
};

/** For thousands of counts a second: counts in a map, and makes labels of its keys when metrics are requested. */
export function fastCounter<Label extends string>(
  registry: Registry,
  named: Named<Label> & { labelNames: Label[] },
): FastCounter {
  const counts = new Map<string, number>();
  counters(registry, named, () =>
    [...counts].map(([key, count]) => {
      const values = key.split(" ");
      const labels = Object.fromEntries(named.labelNames.map((name, index) => [name, values[index]]));
      return [labels as Record<Label, string>, count];
    }),
  );
  return {
    count(...values) {
      const key = values.length === 1 ? values[0]! : values.join(" ");
      counts.set(key, (counts.get(key) ?? 0) + 1);
    },
  };
}

type HistogramValue<Label extends string> = {
  labels: Record<Label, string>;
  calls: number;
  seconds: number;
  /** of each bucket by itself; at last those above all bounds */
  counts: number[];
};

/** Histograms that something else keeps: prom-client's own take a microsecond for each value. */
export function histograms<Label extends string>(
  registry: Registry,
  { name, help }: Named<Label>,
  bounds: number[],
  read: () => HistogramValue<Label>[],
): void {
  const get = async () => ({
    name,
    help,
    type: "histogram" as const,
    aggregator: "sum" as const,
    values: read().flatMap(({ labels, calls, seconds, counts }) => {
      let upTo = 0;
      return [
        ...[...bounds, "+Inf"].map((le, i) => {
          upTo += counts[i]!;
          return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: upTo };
        }),
        { metricName: `${name}_sum`, labels: { ...labels }, value: seconds },
        { metricName: `${name}_count`, labels: { ...labels }, value: calls },
      ];
    }),
  });
  // The registry takes anything that answers like this; its types want its own classes.
  registry.registerMetric({ name, get } as unknown as Metric);
}
