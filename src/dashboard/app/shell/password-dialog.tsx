import { Modal } from "@mantine/core";
import { lazy, Suspense } from "react";
import { PageLoading } from "#dashboard/ui/page-loading.tsx";

/** Forms bring their schemas along, which the first load does without. */
const PasswordForm = lazy(async () => ({ default: (await import("./password-form.tsx")).PasswordForm }));

export function PasswordDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Change your password">
      <Suspense fallback={<PageLoading />}>
        <PasswordForm onDone={onClose} />
      </Suspense>
    </Modal>
  );
}
