/**
 * Makes the folder of the live page: `node dist/scripts/site.js FOLDER`. It bundles the compiled modules, and lays the
 * styles and the experiments beside them. Nothing else is needed to serve it, from this machine or from any other.
 */
import { copyFile, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The page shows the text of these modules, so they stay unchanged, in files beside the bundle. */
const SHOWN = "models/print-servers/spoolers";
const shown: Plugin = {
  name: "shown",
  setup({ onResolve }) {
    onResolve({ filter: /\/spoolers\/[\w-]+\.js$/ }, ({ path }) => {
      return { path: `./spoolers/${basename(path)}`, external: true };
    });
  },
};

await makeSite(process.argv[2] ?? join(root, "dist", "web"));

async function makeSite(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, "experiments"), { recursive: true });
  await build({
    entryPoints: ["page", "worker"].map((name) => join(root, "dist", "live", `${name}.js`)),
    outdir: folder,
    bundle: true,
    minify: true,
    plugins: [shown],
    format: "esm",
    platform: "browser",
    target: "es2022",
    legalComments: "none",
    logLevel: "warning",
  });
  for (const file of ["live/index.html", "live/live.css", "live/icon.svg", "page/page.css"]) {
    await copyFile(join(root, file), join(folder, basename(file)));
  }
  await mkdir(join(folder, "spoolers"));
  const spoolers = (await readdir(join(root, "dist", SHOWN))).filter((file) => file.endsWith(".js"));
  for (const file of spoolers) await copyFile(join(root, "dist", SHOWN, file), join(folder, "spoolers", file));
  const experiments = (await readdir(join(root, "experiments"))).filter((file) => file.endsWith(".yaml")).sort();
  for (const file of experiments) await copyFile(join(root, "experiments", file), join(folder, "experiments", file));
  const names = experiments.map((file) => basename(file, ".yaml"));
  await writeFile(join(folder, "experiments", "names.json"), JSON.stringify(names));
}
