/** cli/table.ts and cli/terminal.ts: a table fits its terminal, and a pipe gets it whole. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { tableOf } from "../../cli/table.ts";
import { terminalOf, toned, wrapped, type Terminal } from "../../cli/terminal.ts";

const pipe: Terminal = { columns: Infinity, hasColours: false };
const wide = (columns: number): Terminal => ({ columns, hasColours: false });

const head = ["site", "per server-day", "buggy", "95 % interval"];
const rows = [
  ["hold-and-release", "print processors", "42.1", "41.6 .. 42.6"],
  ["", "paged pool bytes [kB]", "80.6", "75.4 .. 85.7"],
  ["office", "print processors", "11.2", "10.4 .. 12.0"],
];
const options = { isText: (column: number) => column < 2 };

const natural = `
┌──────────────────┬───────────────────────┬───────┬───────────────┐
│ site             │ per server-day        │ buggy │ 95 % interval │
├──────────────────┼───────────────────────┼───────┼───────────────┤
│ hold-and-release │ print processors      │  42.1 │  41.6 .. 42.6 │
│                  │ paged pool bytes [kB] │  80.6 │  75.4 .. 85.7 │
│ office           │ print processors      │  11.2 │  10.4 .. 12.0 │
└──────────────────┴───────────────────────┴───────┴───────────────┘`.slice(1);

test("a pipe and a wide enough terminal get the table unchanged", () => {
  assert.equal(tableOf(head, rows, options, pipe), natural);
  assert.equal(tableOf(head, rows, options, wide(68)), natural);
});

test("a narrow table first breaks its headings, then loses its frame, then turns groups into lines", () => {
  assert.match(tableOf(head, rows, options, wide(67)), /│ +95 % │\n│ +│ +│ +│ +interval │\n/);
  assert.equal(
    tableOf(head, rows, options, wide(60)),
    `
site              per server-day         buggy          95 %
                                                    interval
hold-and-release  print processors        42.1  41.6 .. 42.6
                  paged pool bytes [kB]   80.6  75.4 .. 85.7
office            print processors        11.2  10.4 .. 12.0`.slice(1),
  );
  assert.equal(
    tableOf(head, rows, options, wide(42)),
    `
per server-day         buggy          95 %
                                  interval
hold-and-release
print processors        42.1  41.6 .. 42.6
paged pool bytes [kB]   80.6  75.4 .. 85.7
office
print processors        11.2  10.4 .. 12.0`.slice(1),
  );
});

test("a narrower table breaks its texts, and one that still does not fit is printed row by row", () => {
  assert.match(tableOf(head, rows, options, wide(38)), /^paged pool bytes {3}80\.6 {3}75\.4 \.\. 85\.7\n\[kB\]$/m);
  assert.equal(
    tableOf(head, rows.slice(0, 2), options, wide(30)),
    `
hold-and-release
print processors
  buggy          42.1
  95 % interval  41.6 .. 42.6
paged pool bytes [kB]
  buggy          80.6
  95 % interval  75.4 .. 85.7`.slice(1),
  );
});

test("a table fits every terminal wide enough for a number and its heading, and loses no word", () => {
  const word = fc.stringMatching(/^[a-z]{1,9}$/);
  const text = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(" "));
  const some = fc.array(fc.tuple(text, text, word), { minLength: 1, maxLength: 4 });
  const table = fc.tuple(some, fc.integer({ min: 40, max: 120 }));
  const heading = ["a heading", "another one", "n"];
  fc.assert(
    fc.property(table, ([cells, columns]) => {
      const printed = tableOf(heading, cells, options, wide(columns));
      for (const line of printed.split("\n")) assert.ok(line.length <= columns, `${columns}: ${line}`);
      const words = (it: string) =>
        it
          .split(/[^a-z]+/)
          .filter((one) => one !== "")
          .sort();
      for (const one of words(cells.flat().join(" "))) assert.ok(printed.includes(one), one);
    }),
    { seed: 223863 },
  );
});

test("a table may have no heading and no rows", () => {
  assert.equal(tableOf([], [["mm1", "one queue"]], { isText: () => true, isFramed: false }, pipe), "mm1  one queue");
  const narrow = tableOf([], [["mm1", "one queue with one server"]], { isText: () => true, isFramed: false }, wide(20));
  assert.equal(narrow, "mm1  one queue with\n     one server");
  assert.match(tableOf(head, [], options, wide(60)), /site.*per server-day/);
});

test("colours appear on terminals, and elsewhere only if forced", () => {
  const columns = 80;
  assert.deepEqual(terminalOf({ isTTY: true, columns }, {}), { columns, hasColours: true });
  assert.deepEqual(terminalOf({}, { TERM: "xterm" }), { columns: Infinity, hasColours: false });
  assert.deepEqual(terminalOf({ isTTY: true, columns: 0 }, {}).columns, Infinity);
  const isTTY = true;
  assert.equal(terminalOf({ isTTY, columns }, { NO_COLOR: "1" }).hasColours, false);
  assert.equal(terminalOf({ isTTY, columns }, { NO_COLOR: "" }).hasColours, true);
  assert.equal(terminalOf({ isTTY, columns }, { TERM: "dumb" }).hasColours, false);
  assert.equal(terminalOf({ isTTY, columns }, { FORCE_COLOR: "0" }).hasColours, false);
  assert.equal(terminalOf({}, { FORCE_COLOR: "1", NO_COLOR: "1" }).hasColours, true);
});

test("a toned row keeps its width, and the other rows have no tone", () => {
  const colourful: Terminal = { columns: 42, hasColours: true };
  const printed = tableOf(head, rows, { ...options, tones: [undefined, "faint", "wrong"] }, colourful);
  const lines = printed.split("\n");
  assert.equal(printed.replace(/\x1b\[\d+m/g, "").replace(/ +$/gm, ""), tableOf(head, rows, options, wide(42)));
  assert.match(lines[0], /^\x1b\[1mper server-day\x1b\[22m/);
  assert.doesNotMatch(lines[3], /\x1b/);
  assert.match(lines[4], /\x1b\[2m80\.6\x1b\[22m/);
  assert.match(lines[6], /\x1b\[31m11\.2\x1b\[39m/);
  assert.equal(toned("a\nb", "wrong", colourful), "\x1b[31ma\x1b[39m\n\x1b[31mb\x1b[39m");
});

test("text breaks between words, and a word that is too long stays whole", () => {
  assert.equal(wrapped("one two  three", 7), "one two\n three");
  assert.equal(wrapped("a verylongword b\nc", 5), "a\nverylongword\nb\nc");
  assert.equal(wrapped("", 5), "");
});
