import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

export const chromium = "/usr/bin/chromium";

/** Debian's Chromium, installed when it is missing and we may; otherwise says what is missing. */
export async function installBrowser(): Promise<boolean> {
  if (existsSync(chromium)) return true;
  const packages = ["chromium", "fonts-liberation", "fonts-noto-color-emoji"];
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    console.log(`Installing ${packages.join(", ")}`);
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    try {
      execFileSync("apt-get", ["update", "-qq"], { stdio: "inherit", env });
      execFileSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages], {
        stdio: "inherit",
        env,
      });
    } catch {
      // what is missing is said below
    }
  }
  if (existsSync(chromium)) return true;
  console.error(`The end-to-end tests need Chromium at ${chromium}. As root: apt-get install ${packages.join(" ")}`);
  return false;
}
