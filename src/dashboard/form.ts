import type { FormErrors } from "@mantine/form";
import type { z } from "zod";

/**
 * Validates a form by the schema that the server uses. Its messages are predicates ("is empty"), so each needs the
 * name of its field for a subject.
 * @param subjects  "owner.name" → "The name"
 */
export const bySchema =
  (schema: z.ZodType, subjects: Record<string, string>) =>
  (values: unknown): FormErrors => {
    const parsed = schema.safeParse(values);
    if (parsed.success) return {};
    const errors = parsed.error.issues.map(({ path, message }) => {
      const field = Object.keys(subjects).find(
        name => path.join(".") === name || path.join(".").startsWith(`${name}.`),
      );
      return [field ?? path.join("."), tell(subjects[field ?? ""] ?? "This", message)] as const;
    });
    // The first complaint about a field is the one to mend first.
    return Object.fromEntries(errors.reverse());
  };

const tell = (subject: string, message: string): string =>
  /^[a-z]/.test(message) ? `${subject} ${message}.` : `${message}.`;
