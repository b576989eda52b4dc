import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    environment: "node",
    include: [
      "src/**/*.test.ts",
      "test/*.test.ts",
      "test/integration/**/*.test.ts",
      "test/faults/**/*.test.ts",
      "lab/**/*.test.ts",
      "bench/**/*.test.ts",
    ],
    globalSetup: ["lab/clusters/global-setup.ts"],
    // Tests wait for what must happen; these bounds only end a run that hangs.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
