import { useRouter } from "@tanstack/react-router";
import { isRefusal } from "#client/api.ts";
import { Failure } from "./failure.tsx";

export function PageError({ error }: { error: unknown }) {
  const router = useRouter();
  const what = isRefusal(error) && error.status === 0 ? "No connection to the server" : "This page could not be shown";
  return <Failure what={what} error={error} onRetry={() => router.invalidate()} />;
}
