import { test } from "node:test";
import assert from "node:assert/strict";
import { argument, badArgument, UserError, wordingText } from "../../lab/user-error.ts";

test("a message names its arguments as a program does, or by the names that the caller gives them", () => {
  const error = new UserError("out is full; choose another with ", argument("out"), ", or use ", argument("force"));
  assert.equal(error.message, "out is full; choose another with out, or use force");
  const shown = wordingText(error.wording, (name) => `--${name}`);
  assert.equal(shown, "out is full; choose another with --out, or use --force");
});

test("a bad argument is reported with its value and the rule", () => {
  const { message, wording } = badArgument("at", "site=moon", "moon is not a level of site");
  assert.equal(message, "at site=moon: moon is not a level of site");
  assert.equal(
    wordingText(wording, (name) => name.toUpperCase()),
    "AT site=moon: moon is not a level of site",
  );
});
