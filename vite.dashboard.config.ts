import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { compress } from "./vite.compress.ts";

export default defineConfig({
  root: "src/dashboard",
  plugins: [react(), compress("dist/dashboard")],
  build: {
    outDir: "../../dist/dashboard",
    emptyOutDir: true,
    manifest: true, // for test/dashboard-size.ts
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 900,
  },
});
