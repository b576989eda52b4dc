import { Alert } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";

/** Why the server refused a form. Stands next to the button that sent it. */
export const FormError = ({ message }: { message: string | null }) =>
  message && (
    <Alert role="alert" color="red" variant="light" icon={<IconAlertTriangle size={16} />}>
      {message}
    </Alert>
  );
