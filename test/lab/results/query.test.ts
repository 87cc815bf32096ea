/**
 * lab/results/query.ts: what DuckDB is given, and the error without it. DuckDB itself is not among the packages of
 * the tests:
 * a stand-in notes what it is asked.
 */
import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { resourcesOf } from "../../../lab/results/data-package-reader.ts";
import { programFolder } from "../../../lab/program.ts";
import { viewsOf } from "../../../lab/results/query.ts";
import { spoolsim } from "../../support/spoolsim.ts";

const reference = join(programFolder, "results", "reference", "q223863-quick");
let cwd: string;

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "spoolsim-query-"));
});

afterEach(() => rm(cwd, { recursive: true }));

/** Installs a stand-in of DuckDB, which answers a query with its views and two rows, and refuses what is no SELECT. */
async function installStandIn(): Promise<void> {
  const folder = join(cwd, "node_modules", "@duckdb", "node-api");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "@duckdb/node-api", main: "index.cjs" }));
  await writeFile(
    join(folder, "index.cjs"),
    `
    const views = [];
    const connection = {
      async run(sql) { views.push(/VIEW "([^"]*)"/.exec(sql)[1]); },
      async runAndReadAll(sql) {
        if (!sql.startsWith("SELECT")) throw new Error("Parser Error: syntax\\n\\nLINE 1: " + sql);
        const rows = [["a, b", 12345678901234567890n, null], [views.join(" "), 1n, 0.5]];
        return { deduplicatedColumnNames: () => ["x", "n", "f"], getRows: () => rows };
      },
      async extractStatements(sql) { return { count: sql.split(";").filter((one) => one !== "").length }; },
      closeSync() {},
    };
    exports.DuckDBInstance = { create: async (path, { threads }) => {
      if (path !== ":memory:" || threads !== "1") throw new Error("not so");
      views.length = 0;
      return { connect: async () => connection };
    } };
  `,
  );
}

test("a view has the columns of its table with their types, and a name without a hyphen as well", async () => {
  const views = viewsOf("/it's/x", await resourcesOf(reference));
  const leakRates = views.filter((view) => view.includes("leak-rates.csv"));
  assert.equal(leakRates.length, 2);
  assert.match(leakRates[1], /^CREATE VIEW "leak_rates" AS FROM read_csv\('\/it''s\/x\/leak-rates\.csv', /);
  assert.match(leakRates[1], /'resource': 'VARCHAR', .*'servers': 'BIGINT', .*'ratePerServerDay': 'DOUBLE'/);
});

const tables = [
  "servers",
  "samples",
  "runs",
  "survival",
  "leak-rates",
  "leak_rates",
  "means",
  "comparison",
  "log-rank",
  "log_rank",
];

test("an answer is printed as a table, as CSV or as JSON", async () => {
  await installStandIn();
  const query = (...words: string[]) => spoolsim(cwd, "query", reference, "SELECT 1", ...words);
  const { status, stdout, stderr } = await query();
  assert.deepEqual([status, stderr], [0, ""]);
  assert.match(stdout, /│ a, b .*│ 12345678901234567890 │ {5}│/);
  const views = tables.join(" ");
  const csv = (await query("--format", "csv")).stdout;
  assert.equal(csv, `x,n,f\n"a, b",12345678901234567890,\n${views},1,0.5\n`);
  assert.deepEqual(JSON.parse((await query("--format", "json")).stdout), [
    { x: "a, b", n: "12345678901234567890", f: null },
    { x: views, n: 1, f: 0.5 },
  ]);
});

test("refused in one line: a query that DuckDB does not understand, a folder without results, no DuckDB", async () => {
  const refusal = async (...words: string[]) => {
    const { status, stdout, stderr } = await spoolsim(cwd, "query", ...words);
    assert.deepEqual([status, stdout], [2, ""]);
    assert.match(stderr, /^spoolsim: [^\n]+\n$/);
    return stderr;
  };
  assert.match(await refusal("none", "SELECT 1"), /none holds no results/);
  assert.match(await refusal(reference, "SELECT 1"), /needs DuckDB, .*: npm install --no-save @duckdb\/node-api@1\./);
  await installStandIn();
  assert.match(await refusal(reference, "SELEKT 1"), /refused: Parser Error: syntax; LINE 1: SELEKT 1$/m);
  assert.match(
    await refusal(reference, "SELECT 1;SELECT 2"),
    /refused: it has 2 statements, of which only one could be answered$/m,
  );
  for (const nothing of ["", " ; ", "/* a\nb */ -- c\n"])
    assert.match(await refusal(reference, nothing), /the query is empty$/m);
});

test("the tables that are there can be queried without the others, and a refusal names these", async () => {
  await installStandIn();
  await cp(reference, join(cwd, "partly"), { recursive: true });
  await rm(join(cwd, "partly", "samples.csv"));
  const csv = (await spoolsim(cwd, "query", "./partly", "SELECT 1", "--format", "csv")).stdout;
  assert.ok(csv.includes(tables.filter((name) => name !== "samples").join(" ")));
  const { stderr } = await spoolsim(cwd, "query", "./partly", "SELEKT 1");
  assert.match(stderr, /refused: .*; \.\/partly lacks samples\.csv\n$/);
});
