/** lab/read-json.ts: JSON that is wrong is reported in one line. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { z } from "zod";
import { parseJson, readJson } from "../../lab/read-json.ts";

const schema = z.looseObject({ a: z.array(z.number("a number"), "a list") }, "a map");
let folder: string;
before(async () => void (folder = await mkdtemp(join(tmpdir(), "spoolsim-json-"))));
after(() => rm(folder, { recursive: true }));

test("a file is read through its schema", async () => {
  const file = join(folder, "a.json");
  await writeFile(file, '{"a":[1,2]}');
  assert.deepEqual(await readJson(file, schema), { a: [1, 2] });
  await assert.rejects(readJson(join(folder, "b.json"), schema), {
    name: "UserError",
    message: `${join(folder, "b.json")} does not exist`,
  });
});

test("a mistake is reported with its path, value and rule", () => {
  const refused = (text: string, message: string) =>
    assert.throws(() => parseJson("x", text, schema), { name: "UserError", message });
  refused('{"a":[1,"\\u001b"]}', 'x: a.1 is "\\u001b"; a number');
  refused("{}", "x: a is missing; a list");
  refused("[]", "x: it is []; a map");
  refused("{", "x is not valid JSON");
});
