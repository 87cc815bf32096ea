/** lab/suggest.ts: what is near, and what is not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { suggest } from "../../lab/suggest.ts";

const names = ["pauseShare", "deleteShare", "site", "servers"];

test("a name with a missing, extra, wrong or swapped letter is still suggested", () => {
  for (const word of ["pauseShar", "pauseSharee", "pauseShape", "pauseShaer"]) {
    assert.equal(suggest(word, names), "; did you mean pauseShare?", word);
  }
});

test("suggestions ignore capitals", () => {
  assert.equal(suggest("PAUSESHARE", names), "; did you mean pauseShare?");
});

test("nothing is suggested for a word that is far from every name", () => {
  assert.equal(suggest("unwindRawMs", names), "");
  assert.equal(suggest("", names), "");
  assert.equal(suggest("site", []), "");
  assert.equal(suggest("7", ["3", "6"]), "", "no letter is left");
});

test("one letter in three may differ, and one in a short name", () => {
  assert.equal(suggest("serv", names), "");
  assert.equal(suggest("server", names), "; did you mean servers?");
  assert.equal(suggest("sxxvers", names), "; did you mean servers?");
  assert.equal(suggest("b", ["ab"]), "; did you mean ab?");
});

test("of equally near names the first is suggested, and a nearer one before both", () => {
  assert.equal(suggest("bat", ["cat", "hat"]), "; did you mean cat?");
  assert.equal(suggest("batch", ["patches", "batches", "batch1"]), "; did you mean batch1?");
});

test("a prefix of five letters suggests a name if no name is near", () => {
  assert.equal(suggest("delete", names), "; did you mean deleteShare?");
  assert.equal(suggest("pause", ["paused", "pauseShare"]), "; did you mean paused?");
  assert.equal(suggest("dele", names), "");
});
