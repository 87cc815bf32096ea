/** Logs that are no counter logs: Prometheus, page_log, print events, and CSV with named columns. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { imported } from "../../support/imported-logs.ts";

const metric = (name: string, labels: string) => `${name}{instance="PRN1:9182",${labels}}`;
/** Monday, 4 March 2024, 0:00 UTC. */
const START = 1_709_510_400;

test("OpenMetrics has times in seconds, the older text format in milliseconds", async () => {
  const lines = (time: (i: number) => string) =>
    [
      "# HELP windows_process_handles handles",
      "# TYPE windows_process_handles gauge",
      ...[0, 1].map((i) => `${metric("windows_process_handles", 'process="spoolsv"')} ${512 + i} ${time(i)}`),
      `${metric("windows_process_handles", 'process="explorer"')} 7 ${time(0)}`,
      ...[0, 1].map((i) => `${metric("windows_process_private_bytes", 'process="spoolsv"')} 4.5e+06 ${time(i)}`),
      ...[0, 1].map((i) => `${metric("windows_printer_job_count", `printer="${i}"`)} ${10 + i} ${time(0)}`),
      `go_goroutines{instance="PRN1:9182"} 7 ${time(0)}`,
      "# EOF",
      "",
    ].join("\n");
  const expected = [
    ["PRN1", "0", "21", "4500000", "512"],
    ["PRN1", "15000000", "", "4500000", "513"],
  ];
  const seconds = await imported({ "a.txt": lines((i) => `${START + 15 * i}.000`) });
  assert.deepEqual([seconds.series, seconds.faults], [expected, []]);
  const thousandths = await imported({ "a.txt": lines((i) => `${START + 15 * i}000`) });
  assert.deepEqual([thousandths.series, thousandths.faults], [expected, []]);
});

test("a metric that the user assigns replaces the model's own", async () => {
  const lines = [0, 1].flatMap((i) => [
    `${metric("windows_process_handles", 'process="spoolsv"')} ${512 + i} ${START + 60 * i}`,
    `my_handles{instance="PRN1:9182"} ${9512 + i} ${START + 60 * i}`,
  ]);
  const text = `${lines.join("\n")}\n# EOF\n`;
  const { series, faults } = await imported({ "a.txt": text }, { columns: new Map([["handles", "my_handles"]]) });
  assert.deepEqual(faults, []);
  assert.deepEqual(
    series.map((row) => row.at(-1)),
    ["9512", "9513"],
  );
});

test("a scrape, which has no times, is refused with advice", async () => {
  const text = `# TYPE windows_process_handles gauge\n${metric("windows_process_handles", 'process="spoolsv"')} 512\n`;
  await assert.rejects(imported({ "scrape.txt": text }), (error: Error) => {
    assert.match(
      error.message,
      /^scrape\.txt:2 is "windows.*"; it has no time; promtool tsdb dump-openmetrics, or query_/,
    );
    return true;
  });
});

function matrix(series: readonly (readonly [Record<string, string>, readonly unknown[]])[]): string {
  const result = series.map(([labels, values]) => ({ metric: labels, values }));
  return JSON.stringify({ status: "success", data: { resultType: "matrix", result } });
}

const labels = { __name__: "windows_process_handles", instance: "prn1.example.org:9182", process: "spoolsv" };

test("query_range as JSON is a matrix of several servers and metrics, without stale samples", async () => {
  const text = matrix([
    [
      labels,
      [
        [START, "512"],
        [START + 60.5, "NaN"],
        [START + 120, "514"],
      ],
    ],
    [{ ...labels, __name__: "windows_process_private_bytes" }, [[START, "4096"]]],
    [{ ...labels, instance: "b" }, [[START + 60, "7"]]],
    [{ ...labels, process: "csrss" }, [[START, "1"]]],
  ]);
  const { series, faults, result } = await imported({
    "a.json": text,
    "b.json": JSON.stringify(JSON.parse(text), null, 1),
  });
  assert.deepEqual(series, [
    ["prn1.example.org", "0", "4096", "512"],
    ["prn1.example.org", "120000000", "", "514"],
    ["b", "60000000", "", "7"],
  ]);
  assert.deepEqual(faults, []);
  assert.deepEqual(
    result.record.sources.map(({ format }) => format),
    ["prometheus-json", "prometheus-json"],
  );
});

test("missing samples of Prometheus are not data", async () => {
  for (const [text, message] of [
    [
      '{"status":"error","errorType":"bad_data","error":"parse error"}',
      "is an error response of Prometheus: parse error",
    ],
    [
      '{"status":"success","data":{"resultType":"vector","result":[]}}',
      "resultType is vector; it must be matrix, as query_range returns it",
    ],
    ["{}", "is not a response of Prometheus: it has no result"],
    [matrix([[labels, [[START, "1"]]]]).slice(0, -12), "is broken JSON: it ends in the middle of a series: "],
  ] as const) {
    await assert.rejects(imported({ "a.json": text }), (error: Error) => {
      assert.ok(error.message.startsWith(`a.json:1 ${message}`), error.message);
      return true;
    });
  }
  const { series, faults } = await imported({
    "a.json": matrix([
      [
        labels,
        [
          [START, "1"],
          [START + 1, 2],
          ["x", "3"],
          [START + 2, "4"],
        ],
      ],
    ]),
  });
  assert.deepEqual(series.length, 2);
  assert.deepEqual(faults, [
    "a.json:1 [1709510401,2]; a sample is a time in seconds and a value in quotes",
    'a.json:1 ["x","3"]; a sample is a time in seconds and a value in quotes',
  ]);
});

test("local time is UTC minus the bias", async () => {
  const text = matrix([[labels, [[START + 7200, "512"]]]]);
  assert.equal((await imported({ "a.json": text }, { biasMinutes: 120 })).series[0]![1], "0");
  assert.equal((await imported({ "a.json": text }, { biasMinutes: -60 })).series[0]![1], String(3 * 3600e6));
});

test("page_log: the pages of a job are one job, and user names and titles are dropped", async () => {
  const text = [
    "DeskJet root 2 [04/Mar/2024:08:00:05 +0100] 1 1 acme-123 localhost myjob letter one-sided",
    "DeskJet root 2 [04/Mar/2024:08:00:07 +0100] 2 2 acme-123 localhost myjob letter one-sided",
    "Laser DOM\\john doe 3 [04/Mar/2024:08:01:00 +0100] total 12 - localhost a title - -",
    "DeskJet root 4 [04/Mar/2024:08:02 1 1",
    "",
  ].join("\n");
  await assert.rejects(
    imported({ page_log: text }),
    /^UserError: page_log:1 does not name its server; name it with server/,
  );
  const { jobs, faults } = await imported({ page_log: text }, { server: "PRN1", biasMinutes: -60 });
  assert.deepEqual(jobs, [
    ["PRN1", String((8 * 3600 + 5) * 1e6), "", "3", ""],
    ["PRN1", String((8 * 3600 + 60) * 1e6), "", "12", ""],
  ]);
  assert.deepEqual(faults, [
    "page_log:4 DeskJet root 4 [04/Mar/2024:08:02 1 1; a line is a printer, a user, a job, [a time], a page and a number of copies",
  ]);
});

const message = (bytes: number, pages: number) =>
  `Document 5, Test Page owned by jane on \\\\PC7 was printed on HP through port 10.0.0.5.  Size in bytes: ${bytes}. Pages printed: ${pages}. No user action is required.`;

test("event 307 is read from Export-Csv, newest first; other events are skipped and dates must be unambiguous", async () => {
  const text = [
    "#TYPE System.Diagnostics.Eventing.Reader.EventLogRecord",
    '"Message","Id","MachineName","TimeCreated"',
    `"${message(2000, 3)}","307","PRN1.example.org","3/4/2024 2:05:11 PM"`,
    '"Rendering job 5.","805","PRN1.example.org","3/4/2024 2:05:10 PM"',
    `"${message(1000, 1)}","307","PRN1.example.org","3/4/2024 9:00:00 AM"`,
    '"Dokument 5 ... Größe in Bytes: 7.","307","PRN1","3/4/2024 9:00:00 AM"',
  ].join("\r\n");
  await assert.rejects(
    imported({ "e.csv": text }),
    /e\.csv:3 is ".*"; a date with slashes can be read in two ways; choose dates/,
  );
  const { jobs, faults } = await imported({ "e.csv": text }, { dates: "month-first" });
  assert.deepEqual(jobs, [
    ["PRN1", String(9 * 3600e6), "1000", "1", ""],
    ["PRN1", String((14 * 3600 + 311) * 1e6), "2000", "3", ""],
  ]);
  assert.deepEqual(faults, [
    'e.csv:6 Dokument 5 ... Größe in Bytes: 7.; the message must contain "Size in bytes: N. Pages printed: N."',
  ]);
});

test("event 307 is read as the Event Viewer saves it and as a list of parameters", async () => {
  const viewer = `Level,Date and Time,Source,Event ID,Task Category\nInformation,2024-03-04 09:00:00,PrintService,307,Printing a document,"${message(5, 2)}"\n`;
  assert.deepEqual((await imported({ "e.csv": viewer }, { server: "PRN1" })).jobs, [
    ["PRN1", String(9 * 3600e6), "5", "2", ""],
  ]);
  const list = "TimeCreated;Computer;Id;Param7;Param8\n04.03.2024 09:00:00;PRN1;307;176736;1\n";
  assert.deepEqual((await imported({ "e.csv": list })).jobs, [["PRN1", String(9 * 3600e6), "176736", "1", ""]]);
});

test("a CSV of any program is read by named columns, or by columns with the names of responses", async () => {
  const text = "When;Host;Handle Count;Size\n04.03.2024 00:00:00;A;1.5;x\n04.03.2024 00:01:00;A;2,5;x\n";
  const columns = new Map([
    ["time", "When"],
    ["server", "Host"],
    ["handles", "Handle Count"],
  ]);
  const { series } = await imported({ "a.csv": text }, { columns });
  assert.deepEqual(series, [
    ["A", "0", "1.5"],
    ["A", "60000000", "2.5"],
  ]);
  const jobs = "time,server,bytes,type\n2024-03-04 00:00:01,B,100,TEXT\n2024-03-04 00:00:00,A,,RAW\n";
  assert.deepEqual((await imported({ "jobs.csv": jobs })).jobs, [
    ["B", "1000000", "100", "", "TEXT"],
    ["A", "0", "", "", "RAW"],
  ]);
});

test("columns without a known name are reported with how to name them", async () => {
  for (const [text, line] of [
    ["a,b\n1,2\n", 'x.csv:1 has no column time; its columns are a, b; name it: column time="a"'],
    [
      "time,b\n1,2\n",
      "x.csv:1 has no column that is one of privateBytes, handles, pagedPoolBytes, nonpagedPoolBytes, jobsPrinted, jobsExisting, " +
        'or bytes, pages, type of jobs; its columns are time, b; name one: column privateBytes="b"',
    ],
    [
      "time,handles\n1,2\n",
      "x.csv:1 has no column server; its columns are time, handles; name it, or the server with server",
    ],
    [
      "time,server,handles,bytes\n1,A,2,3\n",
      "x.csv:1 has both readings and jobs; its columns are time, server, handles, bytes; import them one at a time",
    ],
    ["time,server,handles,handles\n1,A,2,3\n", "x.csv:1 has two columns handles; handles can be only one of them"],
  ] as const) {
    await assert.rejects(imported({ "x.csv": text }), { message: line });
  }
});

test("a column is one thing", async () => {
  const columns = new Map([
    ["handles", "Count"],
    ["privateBytes", "Count"],
  ]);
  await assert.rejects(imported({ "x.csv": "time,server,Count\n2024-03-04 00:00:00,A,2\n" }, { columns }), {
    message: "column privateBytes=Count: that column is already handles; each is one thing",
  });
});

test("a log in reverse order is read in the right order", async () => {
  const rows = [3, 2, 1, 0].map((minute) => `2024-03-04 00:0${minute}:00,A,${minute}\n`);
  const { series, faults } = await imported({ "x.csv": `time,server,handles\n${rows.join("")}` });
  assert.deepEqual(
    series.map(([, , value]) => value),
    ["0", "1", "2", "3"],
  );
  assert.deepEqual(faults, []);
});

const handlesAt = (hour: number) =>
  `2026-03-0${2 + Math.floor(hour / 24)} ${String(hour % 24).padStart(2, "0")}:00,${500 + hour}`;
const handlesLog = (hours: readonly number[]) => ["time,handles", ...hours.map(handlesAt), ""].join("\n");
const hours = Array.from({ length: 48 }, (_, i) => i);

for (const [name, order] of [
  ["rotated", [...hours.slice(30), ...hours.slice(0, 30)]],
  ["shuffled", hours.map((i) => (i * 29) % 48)],
  ["rotated, newest first", [...hours.slice(30), ...hours.slice(0, 30)].toReversed()],
] as const) {
  test(`a log that is ${name} has the same readings as a sorted one, and says so`, async () => {
    const sorted = await imported({ "a.csv": handlesLog(hours) }, { server: "P" });
    const { series, faults, incidents, result } = await imported({ "a.csv": handlesLog(order) }, { server: "P" });
    assert.deepEqual([series, faults, incidents], [sorted.series, [], []]);
    assert.ok(result.record.sources[0]!.sorted! > 0);
    assert.equal(sorted.result.record.sources[0]!.sorted, undefined);
  });
}

test("in a log that is not sorted, the first reading of a time counts", async () => {
  const log = handlesLog([2, 1, 1, 3]).replace("01:00,501\n2026-03-02 01:00,501", "01:00,501\n2026-03-02 01:00,999");
  const { series, faults } = await imported({ "a.csv": log }, { server: "P" });
  assert.deepEqual(
    series.map(([, , value]) => value),
    ["501", "502", "503"],
  );
  assert.deepEqual(faults, ["a.csv:4 2026-03-02 01:00:00; it has the same time as a line before it"]);
});

test("a single line out of place in a log whose newest line is the first is left out by the right rule", async () => {
  const order = hours.toReversed();
  order.splice(20, 0, 47);
  const { faults } = await imported({ "a.csv": handlesLog(order) }, { server: "P" });
  assert.deepEqual(faults, [
    "a.csv:22 2026-03-03 23:00:00; it is not earlier than a line before it, in a file whose newest line is the first",
  ]);
});
