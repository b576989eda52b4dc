import type { FormErrors } from "@mantine/form";
import type { z } from "zod";

/**
 * Validates a form by the schema that the server uses. Its messages are predicates ("is empty"), so each needs the
 * name of its field for a subject.
 * @param subjects  "owner.name" → "The name"; of a list: how to speak of it as a whole, its entries speak for themselves
 */
export const bySchema =
  (schema: z.ZodType, subjects: Record<string, string>) =>
  (values: unknown): FormErrors => {
    const parsed = schema.safeParse(values);
    if (parsed.success) return {};
    const errors: FormErrors = {};
    for (const { path, message } of parsed.error.issues) {
      const at = path.join(".");
      const field = Object.keys(subjects).find(name => at === name || at.startsWith(`${name}.`)) ?? at;
      const subject = at === field ? (subjects[field] ?? "This") : `“${valueAt(values, path)}”`;
      // The first complaint about a field is the one to mend first.
      errors[field] ??= tell(subject, message);
    }
    return errors;
  };

/** For a form's onSubmit: leads to the first field that is wrong, which may be out of sight. */
export const toFirstError =
  (form: { getInputNode(path: string): HTMLElement | null }) =>
  (errors: FormErrors): void =>
    form.getInputNode(Object.keys(errors)[0] ?? "")?.focus();

const valueAt = (values: unknown, path: PropertyKey[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], values);

const tell = (subject: string, message: string): string =>
  /^[a-z]/.test(message) ? `${subject} ${message}.` : `${message}.`;
