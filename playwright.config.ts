import { defineConfig } from "@playwright/test";
import { chromium } from "#lab/install.ts";

export default defineConfig({
  testDir: "test/e2e",
  outputDir: "test-results",
  fullyParallel: true,
  forbidOnly: true,
  workers: 2,
  // Tests wait for what must happen; these bounds only end a run that hangs.
  timeout: 600_000,
  expect: { timeout: 90_000 },
  // test/run.ts reads the JSON; without its file it would fill the terminal.
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ? [["list"], ["json"]] : "list",
  use: {
    launchOptions: {
      executablePath: chromium.path,
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
    },
    screenshot: "only-on-failure",
    trace: "off", // --trace on makes one: a trace of each test costs much
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
  },
});
