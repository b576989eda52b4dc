import { writeFile } from "node:fs/promises";
import { build, defineConfig, type Plugin } from "vite";
import { ownNames } from "./src/widget/own-names.ts";
import { compress } from "./vite.compress.ts";

const outDir = "dist/widget";
/** The oldest that need nothing rewritten: spring 2024. */
const browsers = ["chrome123", "firefox120", "safari17.5"];

/**
 * Two files from one command: the app, whose name carries a hash so that browsers may keep it for ever, and then the
 * loader, a classic script of a stable name that knows the app's.
 */
export default defineConfig({
  publicDir: false,
  // The one jsx-runtime that there is, also while developing.
  oxc: { jsx: { development: false } },
  build: {
    outDir,
    emptyOutDir: true,
    modulePreload: false,
    target: browsers,
    rollupOptions: {
      input: "src/widget/app.tsx",
      // A page pays for every byte.
      optimization: { inlineConst: { mode: "all" } },
      preserveEntrySignatures: "strict",
      output: {
        entryFileNames: "app-[hash].js",
        minify: {
          compress: true,
          mangle: true,
          mangleProps: { include: new RegExp(`^(${ownNames.join("|")})$`) },
        },
      },
    },
  },
  plugins: [loader(), compress(outDir)],
});

function loader(): Plugin {
  return {
    name: "widget-loader",
    async writeBundle(_options, bundle) {
      const app = Object.values(bundle).find(file => file.type === "chunk" && file.isEntry)!.fileName;
      // Whatever the app's name is now; the query because browsers remember that an address did not load.
      await writeFile(`${outDir}/app.js`, `export * from "./${app}?again";\n`);
      await build({
        configFile: false,
        publicDir: false,
        logLevel: "warn",
        define: { __APP__: JSON.stringify(app) },
        build: {
          outDir,
          emptyOutDir: false,
          target: browsers,
          // As a library, for anything else gets Vite's own preloading around its import().
          lib: { entry: "src/widget/loader.ts", formats: ["iife"], name: "prochat", fileName: () => "widget.js" },
          rollupOptions: { optimization: { inlineConst: { mode: "all" } } },
        },
      });
    },
  };
}
