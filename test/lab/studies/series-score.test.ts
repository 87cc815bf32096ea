/** lab/studies/series-score.ts: answers about four series by hand, and detectors on gauges that are plain to see. */
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { scoresOfAnswers, scoresOfDetectors, trueSeries, type TrueSeries } from "../../../lab/studies/series-score.ts";
import { inFolder } from "../../support/imported-logs.ts";

const DAY = 86400e6;

/** Four servers for 40 days, hourly: leaks from days 2, 10 and 30, and never; two run out, on days 25 and 36. */
function tableText(): string {
  const onset = [2, 10, 30, NaN];
  const full = [25, 36, NaN, NaN];
  const cell = (days: number) => (Number.isNaN(days) ? "" : String(days * DAY));
  const lines = onset.flatMap((since, server) =>
    Array.from({ length: 40 * 24 }, (_, i) => {
      const days = (i + 1) / 24;
      const held = days > since ? Math.floor(5 * (days - since)) : 0;
      const next = full[server]! > days ? full[server]! : NaN;
      return `a,0,${server},${(i + 1) * 3600e6},${100 + held},${cell(since)},${cell(next)}\n`;
    }),
  );
  return `site,replication,server,timeUs,gauge,onsetUs,nextExhaustionUs\n${lines.join("")}`;
}

async function withSeries<T>(use: (series: TrueSeries[], file: string, folder: string) => Promise<T> | T): Promise<T> {
  return inFolder(async (folder) => {
    const file = join(folder, "series.csv");
    await writeFile(file, tableText());
    const series: TrueSeries[] = [];
    for await (const one of trueSeries(file, ["gauge"])) series.push(one);
    return use(series, file, folder);
  });
}

test("the truth of a series is read, and its gauges until the last reading", async () => {
  await withSeries((series) => {
    const [first, , , sound] = series;
    assert.equal(series.length, 4);
    assert.deepEqual([first!.id, first!.horizonDays, first!.lookDays], ["a,0,0", 40, 20]);
    assert.deepEqual([first!.onsetDays, first!.exhaustionDays], [2, 25]);
    assert.deepEqual([sound!.onsetDays, sound!.exhaustionDays], [Infinity, Infinity]);
    assert.equal(first!.gauges[0]!.length, 80);
    assert.equal(first!.gauges[0]![79], 190);
  });
});

test("answers are scored against the truth at the last reading, at the onset and at the end", async () => {
  await withSeries(async (series, seriesFile, folder) => {
    const file = join(folder, "answers.csv");
    const head = "site,replication,server,leaks,onsetDay,exhaustionLower,exhaustionMedian,exhaustionUpper\n";
    await writeFile(file, `${head}a,0,0,yes,5,20,24,30\na,0,1,no,,20,30,35\na,0,2,yes,,30,50,\na,0,3,no,,30,35,39\n`);
    const scores = await scoresOfAnswers(series, file, seriesFile);
    assert.deepEqual(
      scores.map(({ task, series: all, answered, value }) => [task, all, answered, value]),
      [
        ["leaks found", 2, 2, 0.5],
        ["false alarms", 2, 2, 0.5],
        ["onset: error [d]", 2, 1, 3],
        // 24 for 25, 30 for 36, 50 cut to 40 for never, 35 for never.
        ["forecast: error [d]", 4, 4, (1 + 6 + 0 + 5) / 4],
        // 20 to 30 holds 25, 20 to 35 not 36; an open interval holds never, one until 39 does not.
        ["forecast: 90 % held", 4, 4, 0.5],
      ],
    );
    // Two forecasts without an interval: they have an error, but nothing that could have held.
    await writeFile(file, `${head}a,0,0,yes,,20,24,30\na,0,1,no,,,30,\na,0,3,no,,,35,\n`);
    const [, , error, held] = await scoresOfAnswers(series, file, seriesFile);
    assert.deepEqual([error!.task, error!.answered, error!.value], ["forecast: error [d]", 3, (1 + 6 + 5) / 3]);
    assert.deepEqual([held!.task, held!.answered, held!.value], ["forecast: 90 % held", 1, 1]);
    // Wilson's interval of 1 in 2.
    assert.ok(Math.abs(scores[0]!.lower - 0.0945) < 1e-4 && Math.abs(scores[0]!.upper - 0.9055) < 1e-4);
    await writeFile(file, `${head}a,0,9,yes,,,,\n`);
    await assert.rejects(scoresOfAnswers(series, file, seriesFile), {
      message: `${file}:2 answers for a,0,9, which is not a series of ${seriesFile}`,
    });
    await writeFile(file, `${head}a,0,1,maybe,,,,\n`);
    await assert.rejects(
      scoresOfAnswers(series, file, seriesFile),
      /answers\.csv:2 leaks is maybe; it must be yes, no or empty$/,
    );
    await writeFile(file, `${head}a,0,1,yes,,,,\na,0,1,no,,,,\n`);
    await assert.rejects(scoresOfAnswers(series, file, seriesFile), /answers\.csv:3 answers for a,0,1 a second time$/);
    await writeFile(file, `${head}a,0,1,yes,,30,20,40\n`);
    await assert.rejects(
      scoresOfAnswers(series, file, seriesFile),
      /answers\.csv:2 exhaustionLower, exhaustionMedian and exhaustionUpper are 30, 20, 40; they must not decrease$/,
    );
  });
});

test("the series of one server at two sites count as one server", async () => {
  await withSeries(async (series, seriesFile, folder) => {
    const file = join(folder, "answers.csv");
    const head = "site,replication,server,leaks,onsetDay,exhaustionLower,exhaustionMedian,exhaustionUpper\n";
    await writeFile(file, `${head}a,0,0,yes,5,,,\na,0,1,yes,16,,,\na,0,2,no,,,,\na,0,3,yes,,,,\n`);
    const once = await scoresOfAnswers(series, file, seriesFile);
    const again = series.map((one) => ({ ...one, id: one.id.replace("a", "b") }));
    await writeFile(
      file,
      (await readFile(file, "utf8")) + [5, 16].map((day, i) => `b,0,${i},yes,${day},,,\n`).join(""),
    );
    const twice = await scoresOfAnswers([...series, ...again], file, seriesFile);
    assert.deepEqual(
      twice.map(({ answered }) => answered),
      [4, 2, 4],
    );
    for (const task of [0, 2]) {
      assert.deepEqual([twice[task]!.lower, twice[task]!.upper], [once[task]!.lower, once[task]!.upper]);
    }
  });
});

test("the built-in detectors find both leaks and raise no false alarm", async () => {
  await withSeries((series) => {
    const scores = scoresOfDetectors(series, ["gauge"]).filter(({ by }) => by === "day-minima on gauge");
    assert.deepEqual(
      scores.map(({ task, value }) => [task, value]),
      [
        ["leaks found", 1],
        ["false alarms", 0],
        ["onset: error [d]", scores[2]!.value],
      ],
    );
    assert.ok(scores[2]!.value > 0 && scores[2]!.value < 9);
  });
});

test("a detector with too few readings has no answer, and no error has no interval", async () => {
  await withSeries(async (series, seriesFile, folder) => {
    const short = series.map((one) => ({ ...one, lookDays: 6, gauges: one.gauges.map((all) => all.subarray(0, 24)) }));
    const names = new Set(scoresOfDetectors(short, ["gauge"]).map(({ by }) => by));
    assert.ok(names.has("mann-kendall on gauge") && !names.has("day-minima on gauge"));
    const file = join(folder, "answers.csv");
    const head = "site,replication,server,leaks,onsetDay,exhaustionLower,exhaustionMedian,exhaustionUpper\n";
    await writeFile(file, `${head}a,0,0,yes,2,,,\na,0,1,yes,10,,,\n`);
    const [, onset] = await scoresOfAnswers(series, file, seriesFile);
    assert.deepEqual([onset!.task, onset!.value, onset!.lower, onset!.upper], ["onset: error [d]", 0, NaN, NaN]);
  });
});

test("a wrong file is named, with the kind of file that belongs in its place", async () => {
  await withSeries(async (series, seriesFile, folder) => {
    const file = join(folder, "x.csv");
    const read = async (name: string, gauges: readonly string[]) => {
      for await (const _ of trueSeries(name, gauges)) return;
    };
    const must =
      "is not a table of series with columns timeUs, onsetUs and nextExhaustionUs, as spoolsim export --series writes it";
    for (const head of ["server,timeUs,handles", "server,timeUs,onsetUs"]) {
      await writeFile(file, `${head}\nA,0,1\n`);
      await assert.rejects(read(file, []), { message: `${file} ${must}` });
    }
    await assert.rejects(read(seriesFile, ["gauges"]), {
      message: `columns gauges is not in ${seriesFile}; it has gauge, onsetUs, nextExhaustionUs`,
    });
    await writeFile(file, "site;replication\na;0\n");
    await assert.rejects(scoresOfAnswers(series, file, seriesFile), {
      message:
        `${file} has no column site; its columns are site;replication; it must be a file of your answers about ` +
        `${seriesFile}, a row for each series, with the columns site, replication, server, leaks, onsetDay, ` +
        "exhaustionLower, exhaustionMedian and exhaustionUpper (docs/reference-series.md)",
    });
  });
});

test("a table whose rows cannot be right is refused with the line", async () => {
  await inFolder(async (folder) => {
    const file = join(folder, "x.csv");
    const head = "server,timeUs,onsetUs,nextExhaustionUs,handles";
    const read = async () => {
      for await (const _ of trueSeries(file, ["handles"]));
    };
    for (const [rows, message] of [
      [[], `${file} has no series`],
      [["a,x,,,1"], `${file}:2 timeUs is x; it must be a number of microseconds in [0, 3162240000000000]`],
      [
        ["a,1,,,1", "a,1e30,,,1"],
        `${file}:3 timeUs is 1e30; it must be a number of microseconds in [0, 3162240000000000]`,
      ],
      [
        ["a,1,-1,,1"],
        `${file}:2 onsetUs is -1; it must be a number of microseconds in [0, 3162240000000000], or empty`,
      ],
      [
        ["a,1,,x,1"],
        `${file}:2 nextExhaustionUs is x; it must be a number of microseconds in [0, 3162240000000000], or empty`,
      ],
      [["a,1,,,", "a,2,,,many"], `${file}:3 handles is many; it must be a number, or empty`],
      [["a,2,,,1", "a,2,,,1"], `${file}:3 timeUs is 2, after 2; the rows of a series are in the order of time`],
      [
        ["a,1,,,1", "b,1,,,1", "a,2,,,1"],
        `${file}:4 begins the series a again; the rows of a series follow each other`,
      ],
    ] as const) {
      await writeFile(file, `${[head, ...rows].join("\n")}\n`);
      await assert.rejects(read, { name: "UserError", message });
    }
    await writeFile(file, `${head}\na,1,,,\na,2,5,7,3\nb,1,,,1\n`);
    await read();
  });
});
