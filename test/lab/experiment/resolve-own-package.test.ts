/** The package's own names are resolved from within it, others from where they are imported. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { resolve } from "../../../lab/experiment/resolve-own-package.ts";

test("only the package's own names are resolved from within the package", () => {
  const requested = (specifier: string) =>
    resolve(specifier, { parentURL: "file:///mine.mjs" }, (_, from) => from.parentURL);
  for (const own of ["spoolsim", "spoolsim/models"]) assert.match(requested(own)!, /resolve-own-package\.js$/);
  for (const other of ["spoolsimx", "./spoolsim", "yaml"]) assert.equal(requested(other), "file:///mine.mjs");
});

test("an import that another program's hook has made its own is left to it", () => {
  const other = "file:///older/dist/lab/experiment/resolve-own-package.js";
  assert.equal(
    resolve("spoolsim", { parentURL: other }, (_, from) => from.parentURL),
    other,
  );
});
