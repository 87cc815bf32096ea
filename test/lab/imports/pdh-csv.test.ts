/** lab/imports/pdh-csv.ts: counter logs as Windows writes them, in several languages, whole and damaged. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { imported, pdhLog } from "../../support/imported-logs.ts";

const counters = ["Process(spoolsv)\\Private Bytes", "Process(spoolsv)\\Handle Count"];

test("blank first samples, twenty digits and irregular stamps are read as they are", async () => {
  const text = pdhLog(['" "," "', '"4096.00000000000000000"," "', '"8192.5","512.00000000000000000"'], counters);
  const { series, faults, result } = await imported({ "a.csv": text.replace("00:00:30.010", "00:00:30.977") });
  assert.deepEqual(series, [
    ["PRN1", "15010000", "4096", ""],
    ["PRN1", "30977000", "8192.5", "512"],
  ]);
  assert.deepEqual(faults, []);
  assert.deepEqual([result.record.start, result.record.biasMinutes], ["2024-03-04", -60]);
  assert.equal(result.record.zone, "W. Europe Standard Time");
});

test("decimal commas, semicolons and tabs are read by the language of the log", async () => {
  const text = pdhLog(['"4096,25","512"', '"8192,5","513"'], counters);
  const expected = [
    ["PRN1", "10000", "4096.25", "512"],
    ["PRN1", "15010000", "8192.5", "513"],
  ];
  assert.deepEqual((await imported({ "a.csv": text })).series, expected);
  assert.deepEqual((await imported({ "a.csv": text.replaceAll('","', '";"') })).series, expected);
  const tabs = text.replaceAll('","', '"\t"').replace("PDH-CSV", "PDH-TSV");
  assert.deepEqual((await imported({ "a.tsv": tabs })).series, expected);
  assert.deepEqual((await imported({ "a.csv": Buffer.from(`\ufeff${text}`, "utf16le") })).series, expected);
});

test("servers share a file, each with its own counters; other processes and queues are skipped", async () => {
  const header = [
    '"(PDH-CSV 4.0) (UTC)(0)"',
    '"\\\\A\\Process(spoolsv)\\Handle Count"',
    '"\\\\B\\process(SPOOLSV)\\handle count"',
    '"\\\\A\\Process(spoolsv#1)\\Handle Count"',
    '"\\\\B\\Process V2(spoolsv:1234)\\Private Bytes"',
    '"\\\\A\\Print Queue(_Total)\\Total Jobs Printed"',
    '"\\\\A\\Print Queue(HP)\\Total Jobs Printed"',
  ].join(",");
  const text = `${header}\n"03/04/2024 00:00:00.000","1","2","3","4","5","6"\n`;
  const { series, result } = await imported({ "a.csv": text });
  assert.deepEqual(
    result.responses.map(({ name }) => name),
    ["jobsPrinted", "privateBytes", "handles"],
  );
  assert.deepEqual(series, [
    ["A", "0", "5", "", "1"],
    ["B", "0", "", "4", "2"],
  ]);
});

test("a server without any value is a server without readings", async () => {
  const header = ["PRN1", "PRN2"].map((server) => `"\\\\${server}\\Process(spoolsv)\\Handle Count"`).join(",");
  const text = `"(PDH-CSV 4.0) (UTC)(0)",${header}\r\n"03/04/2024 00:00:00.000","7"," "\r\n`;
  const { result } = await imported({ "a.csv": text });
  assert.deepEqual(
    result.servers.map(({ server, readings }) => [server, readings]),
    [
      ["PRN1", 1],
      ["PRN2", 0],
    ],
  );
});

test("a counter in another language is read if it is named", async () => {
  const text = pdhLog(['"7"'], ["Prozess(spoolsv)\\Handleanzahl"]);
  await assert.rejects(imported({ "a.csv": text }), /^UserError: a\.csv:1 has no counter of the model among 1: /);
  const columns = new Map([["handles", "\\Prozess(spoolsv)\\Handleanzahl"]]);
  assert.deepEqual((await imported({ "a.csv": text }, { columns })).series, [["PRN1", "10000", "7"]]);
});

test("a counter that is not read is named, and a log with the process number alone is refused", async () => {
  const misspelt = pdhLog(['"7","8"'], ["Process(spoolsv)\\Private Bytes", "Process(spoolsv)\\Handel Count"]);
  const { result } = await imported({ "a.csv": misspelt });
  const handel = "\\Process(spoolsv)\\Handel Count";
  assert.deepEqual(result.unknownCounters, { count: 1, hasMore: false, example: handel });
  const number = pdhLog(['"7","8"'], ["Process(spoolsv)\\ID Process", "Process(spoolsv)\\Handel Count"]);
  await assert.rejects(
    imported({ "a.csv": number }),
    /^UserError: a\.csv:1 has no counter of the model but the process number among 2: /,
  );
});

test("of the counters that are not read, one of the spooler is named, in any language; many are a lower bound", async () => {
  const read = "Process(spoolsv)\\Private Bytes";
  for (const spooler of [
    "Process(spoolsv#1)\\Handle Count",
    "process(SPOOLSS)\\handel",
    "Prozess(spoolsv:12)\\Anzahl",
  ]) {
    const text = pdhLog(['"1","2","3"'], [read, "Processor(_Total)\\% Processor Time", spooler]);
    const { result } = await imported({ "a.csv": text });
    assert.deepEqual(result.unknownCounters, { count: 2, hasMore: false, example: `\\${spooler}` });
  }
  const disks = Array.from({ length: 1001 }, (_, i) => `PhysicalDisk(${i})\\Disk Bytes/sec`);
  const cells = Array.from({ length: 1004 }, () => '"1"').join(",");
  const many = pdhLog([cells], [read, disks[0]!, ...disks, "Prozess(spoolsv)\\Handleanzahl"]);
  const example = "\\Prozess(spoolsv)\\Handleanzahl";
  assert.deepEqual((await imported({ "a.csv": many })).result.unknownCounters, { count: 1000, hasMore: true, example });
  const foreign = pdhLog([cells], [...disks, "Prozess(spoolsv)\\Handleanzahl", disks[0]!, disks[0]!]);
  await assert.rejects(imported({ "a.csv": foreign }), {
    message: `a.csv:1 has no counter of the model among 1004: \\\\PRN1${example}; name one with column`,
  });
});

test("the process is found with its number, as Process V2 and ProcessNameFormat write it", async () => {
  const text = pdhLog(
    ['"7",""', '"8",""', '"","3"'],
    ["Process(spoolsv_123)\\Handle Count", "process(SpoolSv_4711)\\handle count"],
  );
  const { series } = await imported({ "a.csv": text });
  assert.deepEqual(
    series.map(([, , value]) => value),
    ["7", "8", "3"],
  );
});

test("of two processes at one time, the first column counts and another value is named", async () => {
  const { series, faults } = await imported({
    "a.csv": pdhLog(
      ['"7",""', '"7","7"', '"7","9"', '"","9"'],
      ["Process V2(spoolsv:1234)\\Handle Count", "Process V2(spoolsv:5678)\\Handle Count"],
    ),
  });
  assert.deepEqual(
    series.map(([, , value]) => value),
    ["7", "7", "7", "9"],
  );
  assert.deepEqual(faults, [
    "a.csv:4 \\\\PRN1\\Process V2(spoolsv:5678)\\Handle Count 9; another reading has 7 for the same server and time",
  ]);
});

test("a counter that the user assigns replaces the model's own, whatever its case", async () => {
  const text = pdhLog(['"1","2"', '"3",""'], ["Process(spoolsv)\\Handle Count", "Prozess(spoolsv)\\Handleanzahl"]);
  const columns = new Map([["handles", "\\prozess(spoolsv)\\handleanzahl"]]);
  assert.deepEqual((await imported({ "a.csv": text }, { columns })).series, [["PRN1", "10000", "2"]]);
});

test("a column that the user names must be in a file", async () => {
  const text = pdhLog(['"7"'], ["Process(spoolsv)\\Private Bytes"]);
  const columns = new Map([["handles", "Foo"]]);
  await assert.rejects(imported({ "a.csv": text }, { columns }), /handles=Foo: no file has a column with this name/);
});

test("unreadable lines are named by file, line, value and rule, and the rest is read", async () => {
  const lines = ['"1"', '"x"', '"-3"', '"4","5"', '"6', '"7"', '"8"'];
  const text = `${pdhLog(lines).replace("00:01:15.010", "00:00:61.010")}The command completed successfully.\r\n`;
  const { series, faults, result } = await imported({ "a.csv": text });
  assert.deepEqual(
    series.map(([, , value]) => value),
    ["1", "8"],
  );
  assert.deepEqual(faults, [
    "a.csv:3 \\\\PRN1\\Process(spoolsv)\\Handle Count x; it is not a number",
    "a.csv:4 \\\\PRN1\\Process(spoolsv)\\Handle Count -3; it is below 0",
    'a.csv:5 "03/04/2024 00:00:45.010","4","5"; it has 3 fields; the header has 2',
    'a.csv:6 "03/04/2024 00:01:00.010","6; it has a quote that is not closed',
    "a.csv:7 03/04/2024 00:00:61.010; the time of day does not exist",
    "a.csv:9 The command completed successfully.; a time is written as 2024-03-01 13:05:00, or in seconds since 1970",
  ]);
  assert.equal(result.record.sources[0]!.unreadable, 6);
});

test("the repeated hour in autumn and a single line in the future are left out and reported", async () => {
  const lines = Array.from({ length: 12 }, (_, i) => `"${i}"`);
  const text = pdhLog(lines)
    .replace("00:01:00.010", "00:00:20.010")
    .replace("00:01:15.010", "00:00:35.010")
    .replace("03/04/2024 00:02:00.010", "03/04/2099 00:02:00.010");
  const { series, faults, incidents } = await imported({ "a.csv": text });
  assert.deepEqual(
    series.map(([, , value]) => value),
    ["0", "1", "2", "3", "6", "7", "9", "10", "11"],
  );
  assert.deepEqual(faults, [
    "a.csv:6 2024-03-04 00:00:20; it is not later than a line before it: the clock was put back, or the lines are not sorted",
    "a.csv:7 2024-03-04 00:00:35; it is not later than a line before it: the clock was put back, or the lines are not sorted",
    "a.csv:10 2099-03-04 00:02:00; it is later than the line after it",
  ]);
  assert.deepEqual(incidents, ["gap PRN1 90010000", "clock PRN1 45010000"].reverse());
});

test("concatenated logs keep their own headers", async () => {
  const first = pdhLog(['"1"', '"2"']);
  const second = pdhLog(['"3","4"'], counters).replace("03/04/2024 00:00:00", "03/04/2024 00:01:00");
  const { series, faults } = await imported({ "a.csv": first + second });
  assert.deepEqual(series, [
    ["PRN1", "10000", "", "1"],
    ["PRN1", "15010000", "", "2"],
    ["PRN1", "60010000", "3", "4"],
  ]);
  assert.deepEqual(faults, []);
});
