/** What is published is what the program makes now. `node dist/scripts/published.js` makes it again. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { programFolder, programVersion } from "../lab/program.ts";
import { manifestKeys, pages, publishedFiles, referenceFiles, remade } from "../scripts/published.ts";
import { spoolsim } from "./support/spoolsim.ts";

/** Commands share a process, and runs start no threads; what they print and write is that of their own. */
async function execute(cwd: string, words: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await spoolsim(cwd, ...words, ...(words[0] === "run" ? ["--workers", "1"] : []));
  assert.equal(status, 0, stderr);
  return stdout;
}

/** Says the first line that differs, not the whole file. */
function assertSame(path: string, actual: string | undefined, expected: string | undefined): void {
  if (actual === expected) return;
  const again = "to make it again: node dist/scripts/published.js";
  if (actual === undefined) assert.fail(`${path} is missing; ${again}`);
  if (expected === undefined) assert.fail(`${path} is published, and the program makes no such file; ${again}`);
  const [published, made] = [actual.split("\n"), expected.split("\n")];
  const at = made.findIndex((line, i) => line !== published[i]);
  const line = at === -1 ? made.length : at;
  const quoted = (text: string | undefined) => (text === undefined ? "nothing" : JSON.stringify(text));
  const difference = `${quoted(published[line])} is published, ${quoted(made[line])} is made`;
  assert.fail(`${path}:${line + 1}: ${difference}; ${again}`);
}

for (const name of ["q223863", "mm1"]) {
  test(`${name} at its quick size gives the bytes in results/reference, except across major versions`, async () => {
    const made = await referenceFiles(`${name}-quick`, execute);
    const published = await publishedFiles(`${name}-quick`);
    const paths = new Set([...made.keys(), ...published.keys()]);
    for (const path of paths) assertSame(path, published.get(path), made.get(path));
  });
}

test("the pages show what the commands print and the columns describe", async () => {
  for (const path of await pages()) {
    const text = await readFile(join(programFolder, path), "utf8");
    assertSame(path, text, await remade(text, { execute }));
  }
});

test("results/README.md explains every key of manifest.json", async () => {
  const text = await readFile(join(programFolder, "results/README.md"), "utf8");
  const unexplained = (await manifestKeys(execute)).filter((key) => !text.includes(`| \`${key}\` |`));
  assert.deepEqual(unexplained, []);
});

test("a page keeps the text between its blocks and the language of each fence", async () => {
  const version = "<!-- output of: spoolsim --version | head -1 -->";
  const columns = "<!-- columns of means.csv -->";
  const end = "<!-- end -->";
  const page = ["before", version, "", "```text", "0.0.0", "```", "", end, "between", columns, end, "after", ""];
  const lines = (await remade(page.join("\n"))).split("\n");
  assert.deepEqual(lines.slice(0, 8), ["before", version, "```text", programVersion, "```", end, "between", columns]);
  assert.equal(lines[8], "| column | type | unit | meaning |");
  assert.deepEqual(lines.slice(-3), [end, "after", ""]);
});

test("a block of commands shows what each of them prints, and a slow one only on request", async () => {
  const block = (what: string, ...lines: readonly string[]) => {
    return [`<!-- output of: these ${what} -->`, "```", ...lines, "```", "<!-- end -->"].join("\n");
  };
  const command = "$ spoolsim \\\n    --version";
  const page = (of: string) => block(of, command, "0.0.0", "0.0.0", command);
  const made = (of: string) => block(of, `${command}\n${programVersion}`, "", `${command}\n${programVersion}`);
  assert.equal(await remade(page("commands")), made("commands"));
  assert.equal(await remade(page("slow commands")), page("slow commands"));
  assert.equal(await remade(page("slow commands"), { isSlow: true }), made("slow commands"));
});

test("a block that does not end or holds foreign output is refused", async () => {
  const refused: readonly (readonly [page: string, message: RegExp])[] = [
    ["<!-- output of: spoolsim --version -->\n", /has no <!-- end -->$/],
    ["<!-- output of: rm x -->\n<!-- end -->", /^Error: "rm x" is shown; what is shown is the output of spoolsim/],
    ["<!-- output of: these commands -->\n```\nspoolsim --version\n```\n<!-- end -->", / begins with \$ spoolsim$/],
    ["<!-- columns of jobs.csv -->\n<!-- end -->", /^Error: there is no table jobs\.csv; there are servers\.csv/],
  ];
  for (const [page, message] of refused) await assert.rejects(remade(page), message);
});

test("a difference is reported with the file, the line and both texts", () => {
  const cases: readonly (readonly [published: string | undefined, made: string | undefined, words: string])[] = [
    ["1\n2\n", "1\n3\n", 'a.csv:2: "2" is published, "3" is made'],
    ["1\n2\n", "1\n", 'a.csv:2: "2" is published, "" is made'],
    ["1\n2", "1\n2\n", 'a.csv:3: nothing is published, "" is made'],
    [undefined, "1\n", "a.csv is missing"],
    ["1\n", undefined, "a.csv is published, and the program makes no such file"],
  ];
  for (const [published, made, words] of cases) {
    const message = `${words}; to make it again: node dist/scripts/published.js`;
    assert.throws(() => assertSame("a.csv", published, made), { message });
  }
});
