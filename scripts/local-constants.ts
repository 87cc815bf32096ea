/**
 * Makes imported numbers local in the compiled modules of sim/ and models/: `node dist/scripts/local-constants.js`.
 *
 * V8 compiles a constant of a module into the code that uses it, but reads an imported one again at every use, and
 * checks that it has a value by then. With all the kinds of events and states of jobs that a model imports, that is a
 * tenth of the time per event. So each module gets a copy of the numbers that it imports.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const IMPORT = /^import \{([^}]*)\} from "(\.[^"]*)";$/gm;
const NUMBER = /^export const (\w+) = (-?\d[\w.]*);$/gm;

/**
 * @param code a module that tsc has compiled
 * @param read reads the module that an import names
 */
export function withLocalConstants(code: string, read: (specifier: string) => string): string {
  return code.replace(IMPORT, (statement, list: string, from: string) => {
    const numbers = new Map([...read(from).matchAll(NUMBER)].map(([, name, value]) => [name, value]));
    const names = list.split(",").flatMap((name) => name.trim() || []);
    const local = names.filter((name) => numbers.has(name)).map((name) => `const ${name} = ${numbers.get(name)};`);
    if (local.length === 0) return statement;
    // Loading the modules has no side effects (package.json), so an import of which nothing is left is removed.
    const others = names.filter((name) => !numbers.has(name)).join(", ");
    // All on the line of the import, so that stack traces stay right.
    return [...(others === "" ? [] : [`import { ${others} } from "${from}";`]), ...local].join(" ");
  });
}

function makeLocal(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) makeLocal(path);
    else if (path.endsWith(".js")) {
      const code = readFileSync(path, "utf8");
      const changed = withLocalConstants(code, (from) => readFileSync(join(dirname(path), from), "utf8"));
      if (changed !== code) writeFileSync(path, changed);
    }
  }
}

const self = fileURLToPath(import.meta.url);
if (process.argv[1] === self) for (const room of ["sim", "models"]) makeLocal(join(dirname(self), "..", room));
