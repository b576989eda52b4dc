import { Counter, Gauge, type Registry } from "prom-client";

type Named<Label extends string> = { name: string; help: string; labelNames?: Label[] };
type Reading<Label extends string> = [labels: Record<Label, string>, value: number];

/** Values that are looked up when metrics are asked for, and cost nothing before. */
export function gauges<Label extends string = never>(
  registry: Registry,
  named: Named<Label>,
  read: () => Reading<Label>[],
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

/** Counts that something else keeps since the start of the process. */
export function counters<Label extends string = never>(
  registry: Registry,
  named: Named<Label>,
  read: () => Reading<Label>[],
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

export type Tally = {
  /** @param values  of the labels, in their order: few different ones, and without spaces */
  count(...values: string[]): void;
};

/** Counts what happens thousands of times a second: a number in a map, which is put into words when asked for. */
export function tally<Label extends string>(registry: Registry, named: Named<Label> & { labelNames: Label[] }): Tally {
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
