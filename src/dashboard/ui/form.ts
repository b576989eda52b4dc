import type { FormErrors } from "@mantine/form";
import type { z } from "zod";

/**
 * Validates a form with the schema that the server uses. The schema's messages are predicates ("is empty"), so the name
 * of the field is put before each.
 * @param subjects  "owner.name" → "The name". The name of a list stands for the whole list; an entry shows its value
 */
export const bySchema =
  (schema: z.ZodType, subjects: Record<string, string>) =>
  (values: unknown): FormErrors => {
    const errors: FormErrors = {};
    for (const { path, message } of schema.safeParse(values).error?.issues ?? []) {
      const at = path.join(".");
      const field = Object.keys(subjects).find(name => at === name || at.startsWith(`${name}.`)) ?? at;
      const subject = at === field ? (subjects[field] ?? "This") : `“${valueAt(values, path)}”`;
      // A field shows its first error.
      errors[field] ??= toSentence(subject, message);
    }
    return errors;
  };

/** For a form's onSubmit: moves the focus to the first field with an error, which may be out of sight. */
export const toFirstError =
  (form: { getInputNode(path: string): HTMLElement | null }) =>
  (errors: FormErrors): void =>
    form.getInputNode(Object.keys(errors)[0] ?? "")?.focus();

/** Only what the person at the form has changed is saved: what a colleague has saved meanwhile stays. */
export function changedFields<Fields extends object>(before: Fields, after: Fields): Partial<Fields> {
  const isChanged = ([name, value]: [string, unknown]) =>
    JSON.stringify(value) !== JSON.stringify(before[name as keyof Fields]);
  return Object.fromEntries(Object.entries(after).filter(isChanged)) as Partial<Fields>;
}

const valueAt = (values: unknown, path: PropertyKey[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], values);

const toSentence = (subject: string, message: string): string =>
  /^[a-z]/.test(message) ? `${subject} ${message}.` : `${message}.`;
