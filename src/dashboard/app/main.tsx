import "./mantine.css";
import "./base.css";
import "./nonce.ts";
import "./zod-without-eval.ts";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queries } from "#dashboard/data/queries.ts";
import { endSessionsWith } from "#dashboard/data/session.ts";
import { Notices } from "#dashboard/ui/notices.tsx";
import { leaveKeysToInputMethods } from "./input-methods.ts";
import { nonce } from "./nonce.ts";
import { router } from "./router.tsx";
import { colourSchemeManager, cssVariables, theme } from "./theme.ts";

leaveKeysToInputMethods();
endSessionsWith(router, queries);

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={colourSchemeManager}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <Notices />
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
