/*
 * What a page accepts from its address. Without Zod, which would be 16 KB of the first load: only forms need it.
 */

type Check = (value: unknown) => string | undefined;

/** For a route's `validateSearch`: each key is optional, and a value that its check refuses is dropped. */
export const searchOf =
  <Checks extends Record<string, Check>>(checks: Checks) =>
  (search: Record<string, unknown>): Searched<Checks> =>
    Object.fromEntries(Object.entries(checks).map(([key, check]) => [key, check(search[key])])) as Searched<Checks>;

type Searched<Checks extends Record<string, Check>> = { [Key in keyof Checks]?: ReturnType<Checks[Key]> };

export const matching =
  (pattern: RegExp): Check =>
  value =>
    typeof value === "string" && pattern.test(value) ? value : undefined;

export const uuid = matching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i);

export const oneOf =
  <const Value extends string>(values: readonly Value[]) =>
  (value: unknown): Value | undefined =>
    values.find(each => each === value);
