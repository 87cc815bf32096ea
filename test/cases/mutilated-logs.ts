/**
 * Logs that something happened to, 30 ways for each format. Whatever it was, an import either ends in one clear line,
 * or counts and names what it could not read; and what it says of a server and a time is what the whole log says.
 */
import assert from "node:assert/strict";
import { UserError } from "../../lab/user-error.ts";
import { imported, type ImportedLogs } from "../support/imported-logs.ts";
import { random } from "./damage.ts";

const START = 1_709_510_400;
const HOURS = Array.from({ length: 12 }, (_, hour) => hour);
const two = (value: number) => String(value).padStart(2, "0");
const iso = (hour: number) => `2024-03-04 ${two(hour)}:00:00`;

/** A whole log of each format, every line with an end, and the server of what names none. */
export const wholeLogs: Readonly<Record<string, string>> = {
  "pdh-csv": [
    '"(PDH-CSV 4.0) (W. Europe Standard Time)(-60)","\\\\PRN1\\Process(spoolsv)\\Handle Count","\\\\PRN1\\Process(spoolsv)\\Private Bytes"',
    ...HOURS.map((hour) => `"03/04/2024 ${two(hour)}:00:00.000","${700 + hour}","${4096 * (900 + hour)}"`),
    "",
  ].join("\r\n"),
  "prometheus-json": `${JSON.stringify(
    {
      status: "success",
      data: {
        resultType: "matrix",
        result: ["handles", "private_bytes"].map((name, n) => ({
          metric: { __name__: `windows_process_${name}`, instance: "PRN1:9182", process: "spoolsv" },
          values: HOURS.map((hour) => [START + 3600 * hour, String(700 + hour + 9e6 * n)]),
        })),
      },
    },
    null,
    1,
  )}\n`,
  "open-metrics": [
    "# TYPE windows_process_handles gauge",
    ...HOURS.map(
      (hour) => `windows_process_handles{instance="PRN1:9182",process="spoolsv"} ${700 + hour} ${START + 3600 * hour}`,
    ),
    "# EOF",
    "",
  ].join("\n"),
  "job-csv": [
    "time,server,bytes,pages,type",
    ...HOURS.map((hour) => `${iso(hour)},PRN1,${1000 + hour},${hour + 1},RAW`),
    "",
  ].join("\n"),
  "mapped-csv": [
    "When\tComputer\tHandle Count\tNote",
    ...HOURS.map((hour) => `${iso(hour)}\tPRN1\t${700 + hour}\tok`),
    "",
  ].join("\n"),
  csv: ["time;server;handles", ...HOURS.map((hour) => `${iso(hour)};PRN1;${700 + hour}`), ""].join("\n"),
  "page-log": [
    ...HOURS.map((hour) => `HP jane ${hour} [04/Mar/2024:${two(hour)}:00:00 +0000] total ${hour + 1} - host title - -`),
    "",
  ].join("\n"),
  "print-events": [
    '"Message","Id","MachineName","TimeCreated"',
    ...HOURS.map(
      (hour) =>
        `"Document ${hour}, x owned by y on \\\\z was printed on HP through port P.  Size in bytes: ${1000 + hour}. Pages printed: ${hour + 1}. No user action is required.","307","PRN1","${iso(hour)}"`,
    ),
    "",
  ].join("\r\n"),
};

const spoilers = ["x", '"', "\u0000", "\u202e", "\ufffd", "-", "..", " , ", "\n", "{", "}", "]", "\\"];

/** What may happen to a file. None of it makes another number, or another time, that could be meant. */
const mutilations: readonly ((text: string, next: () => number) => string)[] = [
  // Cut off, as by a full disk or a killed process.
  (text, next) => text.slice(0, Math.floor(next() * text.length)),
  // Bytes are inserted.
  (text, next) => insert(text, Math.floor(next() * text.length), spoilers[Math.floor(next() * spoilers.length)]!),
  // A line that is no line of a log is inserted.
  (text, next) =>
    withLines(text, (lines) => lines.splice(Math.floor(next() * lines.length), 0, "The service was stopped.")),
  // A line is removed, perhaps the header.
  (text, next) => withLines(text, (lines) => lines.splice(next() < 0.5 ? 0 : Math.floor(next() * lines.length), 1)),
  // A line is repeated, or two are exchanged.
  (text, next) => withLines(text, (lines) => lines.splice(Math.floor(next() * lines.length), 0, lines[3]!)),
  // A line break is removed.
  (text, next) =>
    withLines(text, (lines) => {
      const at = Math.floor(next() * (lines.length - 1));
      lines.splice(at, 2, `${lines[at]}${lines[at + 1]}`);
    }),
];

function insert(text: string, at: number, what: string): string {
  return text.slice(0, at) + what + text.slice(at);
}

function withLines(text: string, change: (lines: string[]) => void): string {
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  const lines = text.split(end);
  change(lines);
  return lines.join(end);
}

/** Imports so many mutilated copies of a log. @throws AssertionError at one that is guessed at, or not reported */
export async function mutilated(format: string, count: number): Promise<void> {
  const next = random(20260301);
  const text = wholeLogs[format]!;
  const columns = new Map([
    ["time", "When"],
    ["server", "Computer"],
    ["handles", "Handle Count"],
  ]);
  const server = format === "page-log" ? "PRN1" : undefined;
  const options = { server, ...(format === "mapped-csv" ? { columns } : {}) };
  const whole = await imported({ "log.txt": text }, options);
  assert.deepEqual(whole.faults, []);
  for (let i = 0; i < count; i++) {
    const damaged = mutilations[i % mutilations.length]!(text, next);
    const where = `${format}, mutilation ${i}: ${JSON.stringify(damaged)}`;
    let found: ImportedLogs;
    try {
      found = await imported({ "log.txt": damaged }, options);
    } catch (error) {
      assert.ok(error instanceof UserError, `${where}: ${String(error)}`);
      assert.match(error.message, /^log\.txt(:\d+){0,2} /, where);
      assert.ok(!error.message.includes("\n"), where);
      continue;
    }
    const known = namesIn(whole);
    for (const name of namesIn(found)) assert.ok(known.has(name), `${where}: says ${name}`);
  }
}

/** Each value of each server and time, and each job. */
function namesIn({ series, jobs, result }: ImportedLogs): Set<string> {
  const names = result.responses.map(({ name }) => name);
  return new Set([
    ...series.flatMap(([server, time, ...values]) => {
      return values.flatMap((value, v) => (value === "" ? [] : [`${server} ${time} ${names[v]} ${value}`]));
    }),
    ...jobs.map((cells) => cells.join(" ")),
  ]);
}
