import { writeFile } from "node:fs/promises";
import { build, defineConfig, type Plugin } from "vite";
import { ownNames } from "./src/widget/own-names.ts";
import { compress } from "./vite.compress.ts";

const outDir = "dist/widget";
/** The oldest that need nothing rewritten: spring 2024. */
const browsers = ["chrome123", "firefox120", "safari17.5"];
// A page pays for every byte.
const optimization = { inlineConst: { mode: "all" as const } };
// The one jsx-runtime that there is, also while developing.
const oxc = { jsx: { development: false } };
const others = { configFile: false, publicDir: false, logLevel: "warn", oxc } as const;

/**
 * Three files from one command: the app and the part about privacy, whose names carry a hash so that browsers may keep them
 * for ever, and then the loader, a classic script of a stable name that knows the others'.
 */
export default defineConfig({
  publicDir: false,
  oxc,
  build: {
    outDir,
    emptyOutDir: true,
    modulePreload: false,
    target: browsers,
    rollupOptions: {
      input: "src/widget/app.tsx",
      optimization,
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
      const privacy = await buildPrivacy();
      // Whatever the names are now; the query because browsers remember that an address did not load.
      await writeFile(`${outDir}/app.js`, `export * from "./${app}?again";\n`);
      await writeFile(`${outDir}/privacy.js`, `export * from "./${privacy}?again";\n`);
      await build({
        ...others,
        define: { __APP__: JSON.stringify(app), __PRIVACY__: JSON.stringify(privacy) },
        build: {
          outDir,
          emptyOutDir: false,
          target: browsers,
          // As a library, for anything else gets Vite's own preloading around its import().
          lib: { entry: "src/widget/loader.ts", formats: ["iife"], name: "prochat", fileName: () => "widget.js" },
          rollupOptions: { optimization },
        },
      });
    },
  };
}

/** Alone, with its own copy of what it shares with the app: it shares nothing whose name the app's build shortens. */
async function buildPrivacy(): Promise<string> {
  const built = await build({
    ...others,
    build: {
      outDir,
      emptyOutDir: false,
      modulePreload: false,
      target: browsers,
      rollupOptions: {
        input: "src/widget/privacy/privacy.tsx",
        optimization,
        preserveEntrySignatures: "strict",
        output: { entryFileNames: "privacy-[hash].js" },
      },
    },
  });
  if (!("output" in built)) throw new Error("The widget's part about privacy was not built.");
  return built.output[0].fileName;
}
