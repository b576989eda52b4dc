import { useSearch } from "@tanstack/react-router";
import { useState } from "react";
import type { Me } from "#protocol/accounts.ts";
import { SetupDone } from "./setup-done.tsx";
import { SetupForm } from "./setup-form.tsx";

export function SetupPage() {
  const { code } = useSearch({ from: "/setup" });
  const [me, setMe] = useState<Me | null>(null);
  return me ? <SetupDone me={me} /> : <SetupForm code={code ?? null} onDone={setMe} />;
}
