/** lab/reports/import-study.ts: what detectors and forecasts say of an import. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Limit } from "../../../models/contract/responses.ts";
import { readImport, type Imported } from "../../../lab/imports/import-record.ts";
import { importFiles } from "../../../lab/imports/import-files.ts";
import { sentencesOf } from "../../../lab/reports/import-report.ts";
import { alarmStudy, alarmTables, limitText, runOutText, slopesTable } from "../../../lab/reports/import-study.ts";
import { alarmsOf, type Alarm } from "../../../lab/studies/observed-detection.ts";
import { overviewOf, type GaugeOverview, type ServerOverview } from "../../../lab/studies/import-overview.ts";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inFolder } from "../../support/imported-logs.ts";

/** Three weeks of hourly readings, or other days: one server leaks 12 handles a day, from 14,800 on; the other none. */
async function imported<T>(
  use: (imported: Imported, alarms: readonly Alarm[]) => T | Promise<T>,
  first = (hour: number) => 14_800 + Math.floor(hour / 2),
  days = 21,
): Promise<T> {
  return inFolder(async (folder) => {
    const lines = Array.from({ length: 24 * days }, (_, hour) => {
      const time = 1709510400 + 3600 * hour;
      return `${time},PRN1,${first(hour)}\n${time},PRN2,150\n`;
    });
    await writeFile(join(folder, "a.csv"), `time,server,handles\n${lines.join("")}`);
    await importFiles([join(folder, "a.csv")], join(folder, "out"), { model: "print-servers" });
    const found = await readImport(join(folder, "out"));
    return use(found, await alarmsOf(found, { everyMinutes: [360], gauges: [], level: 0.05 }));
  });
}

test("one table names the rising gauges and another counts the servers of each detector, whatever the number of servers", async () => {
  await imported((_, alarms) => {
    const [gauges, detectors] = alarmTables(alarms);
    assert.deepEqual(gauges!.table.rows, [["PRN1", "handles", "6 h", "21 days", "12 of 12", "alarm"]]);
    assert.deepEqual(detectors!.table.head, ["detector", "handles, every 6 h"]);
    assert.equal(detectors!.table.rows.length, 12);
    assert.ok(detectors!.table.rows.every(([, count]) => count === "1 of 2"));
  });
});

test("the answer names the servers on which the trusted detector alarms, or none", async () => {
  await imported((found, alarms) => {
    const trusted = "The detector to trust where nights are quiet, day-minima,";
    assert.equal(alarmStudy(found, alarms).answer, `${trusted} raises an alarm on 1 of 2 servers: PRN1.`);
    const sound = alarms.filter(({ server }) => server === "PRN2");
    assert.equal(alarmStudy(found, sound).answer, `${trusted} raises no alarm on 1 server.`);
    const short = sound.map((one) => ({ ...one, alarms: undefined }));
    assert.match(alarmStudy(found, short).answer, / cannot decide: no server ran long enough without a restart\.$/);
    const both = alarmStudy(found, [...alarms.filter(({ server }) => server === "PRN1"), ...short]);
    assert.equal(both.answer, `${trusted} raises an alarm on 1 of 1 server with enough days: PRN1.`);
    assert.match(both.more!.join("\n"), /^1 server had too few days without a restart for day-minima: PRN2\. /);
    assert.equal(alarmTables(sound).length, 1, "no gauge rises, so there is no table of those that do");
  });
});

test("a gauge at its ceiling has 0 days left, and a gauge that does not rise has no date", async () => {
  await imported(async (found) => {
    const looks = await overviewOf(found);
    const cells = slopesTable(found, looks).rows.map((row) => [row[0], row[6], row[7], row[9]]);
    const reached = "Handles of PRN1 have reached the assumed limit of 15000 already: they are at 15040.";
    assert.equal(runOutText(found, looks), reached);
    const nine = Array.from({ length: 9 }, (_, i) => {
      const [look] = looks as [ServerOverview];
      const gauges = look.gauges.map((gauge) => ({ ...gauge, server: `S${i}` }));
      return { ...look, server: `S${i}`, gauges };
    });
    const all =
      "Handles have reached the assumed limit of 15000 already on 9 servers: S0, S1, S2, S3, S4, S5 and 3 more.";
    const sentences = sentencesOf(found, nine, []);
    assert.equal(sentences[0], `9 of 9 servers use more resources every day. ${all}`);
    assert.equal(sentences.at(-1), "The table has the other 3 servers.");
    assert.ok(sentencesOf(found, looks, [])[0].endsWith(`more resources every day. ${reached}`));
    assert.deepEqual(cells, [
      ["PRN1", "15000", "0", "reached"],
      ["PRN2", "15000", "", ""],
      ["mean of 2", "", "", ""],
    ]);
    assert.equal(slopesTable(found, looks.slice(0, 1)).rows.length, 1, "one server has no mean");
  });
});

test("restarts freed what had leaked only where something leaks", async () => {
  await imported(async (found, alarms) => {
    const looks = await overviewOf(found);
    const restarted = (name: string) => looks.map((look) => ({ ...look, restarts: look.server === name ? 2 : 0 }));
    assert.equal(sentencesOf(found, restarted("PRN1"), alarms).at(-1), "2 restarts freed what had leaked.");
    assert.doesNotMatch(sentencesOf(found, restarted("PRN2"), alarms).join(), /freed/);
    const startUp = restarted("PRN1").map((look) => ({
      ...look,
      gauges: look.gauges.map((gauge) => ({ ...gauge, slope: { ...gauge.slope!, startUp: "may be all" as const } })),
    }));
    const words = sentencesOf(found, startUp, alarms).join(" ");
    assert.match(words, /^On 1 of 2 servers, resources rose, but not steadily\./);
    assert.match(words, /PRN1: handles rose by [\d.]+ in all, which may be the start-up after restarts\.$/);
  });
});

test("a server that rose and now falls has no leak, no days left and no date, in the row and in the sentence", async () => {
  const stepped = (hour: number) => {
    const d = Math.floor(hour / 24);
    return 600 + Math.min(d, 5) * 300 - Math.max(0, d - 5) * 5 + ((d * 7919) % 5) + (hour % 24);
  };
  await imported(async (found, alarms) => {
    const looks = await overviewOf(found);
    const [row] = slopesTable(found, looks).rows;
    assert.match(row![4]!, /^-[\d.]+ \.\. -/);
    assert.deepEqual(row!.slice(7), ["", "", ""]);
    assert.deepEqual(sentencesOf(found, looks, alarms), ["None of 2 servers shows a leak."]);
  }, stepped);
});

test("days beyond ten years have no digits, and an interval that begins before has its first date", async () => {
  const cellsOf = (perDay: number, unrest: number) =>
    imported(
      async (found) => {
        const looks = await overviewOf(found);
        const [answer] = sentencesOf(found, looks, []);
        return [...slopesTable(found, looks).rows[0]!.slice(7), /reach .*$/.exec(answer)?.[0]];
      },
      (hour) => {
        const d = Math.floor(hour / 24);
        return 150 + d * perDay + ((d * 13) % 7) * unrest + (hour % 24);
      },
    );
  const long = "more than 10 years";
  const limit = "reach the assumed limit of 15000";
  assert.deepEqual(await cellsOf(1, 0), [long, long, `in ${long}`, `${limit} in ${long}.`]);
  // Room of 14,770 at 4 a day: 3,692 days.
  const [days, interval, date, sentence] = (await cellsOf(4, 1)) as [string, string, string, string];
  assert.equal(days, long);
  assert.match(interval, /^[123]\d{3} \.\. more than 10 years$/);
  assert.match(date, /^in more than 10 years \(20[23]\d-\d\d-\d\d or later\)$/);
  assert.equal(sentence, `${limit} ${date.replace("(", "(90 % interval ")}.`);
});

for (const [name, level, expected] of [
  [
    "that is exact and far has no interval, and is said to be far",
    (d: number) => 200 + 10 * d,
    [
      / on about 20\d\d-\d\d-\d\d\. That is 1460 days ahead, estimated from 14 day-to-day changes, so it holds only if all days are like these\.$/,
      "20",
    ],
  ],
  [
    "that ended a week ago has no date",
    (d: number) => 200 + 30 * Math.min(d, 13) + (d % 2),
    [/^On 1 of 2 servers, resources rose, but not steadily\.$/, "not steady"],
  ],
  ["that is faster and faster has no date", (d: number) => 200 + d * d, [/not steadily\.$/, "not steady"]],
  [
    "in one jump is not known to be a leak, nor to be none",
    (d: number) => (d < 15 ? 200 : 3200) + ((d * 13) % 7) * 5,
    [
      /^Whether PRN1 leaks is not known: the days differ too much\. Handles of PRN1 may rise by up to \d+ a day\. 1 other/,
      "",
    ],
  ],
] as const) {
  test(`a rise ${name}`, async () => {
    await imported(
      async (found) => {
        const looks = await overviewOf(found);
        const [answer] = sentencesOf(found, looks, []);
        assert.match(answer, expected[0]);
        assert.ok(slopesTable(found, looks).rows[0]![9]!.includes(expected[1]));
      },
      (hour) => level(Math.floor(hour / 24)),
    );
  });
}

for (const [name, first, expected] of [
  ["in one jump", (hour: number) => (hour < 120 ? 500 : 2000), "handles rose by 1500 in all, mostly on 1 of 9 days."],
  [
    "that ended days ago",
    (hour: number) => 500 + 5 * Math.min(hour, 100) + (Math.floor(hour / 24) % 2),
    "handles rose by 496 in all, mostly on 4 of 9 days.",
  ],
  [
    "of the last days",
    (hour: number) => 500 + 10 * Math.max(0, hour - 200),
    "handles rose by 170 in all, mostly on 1 of 9 days.",
  ],
  [
    "on every other day",
    (hour: number) => 500 + 50 * Math.floor(hour / 48),
    "handles rose by 200 in all, mostly on 4 of 9 days.",
  ],
  [
    "on five of seven days",
    (hour: number) => {
      const d = Math.floor(hour / 24);
      return 500 + 50 * (5 * Math.floor(d / 7) + Math.min(d % 7, 5)) + (d % 2);
    },
    "",
  ],
] as const) {
  test(`a rise ${name} is ${expected === "" ? "a leak with a date" : "no leak of every day, and has no date"}`, async () => {
    await imported(
      async (found, alarms) => {
        const looks = await overviewOf(found);
        const [answer, ...more] = sentencesOf(found, looks, alarms);
        const date = slopesTable(found, looks).rows[0]![9]!;
        if (expected === "") {
          assert.match(answer, /^1 of 2 servers uses more resources every day\. Of the logged resources, handles /);
          assert.match(date, /^about /);
          return;
        }
        assert.equal(answer, "On 1 of 2 servers, resources rose, but not steadily.");
        assert.equal(more[0], `PRN1: ${expected}`);
        assert.equal(date, "not steady");
      },
      first,
      10,
    );
  });
}

test("what is reached only without a restart is said to be, if restarts were seen", async () => {
  await imported(
    async (found) => {
      const [answer] = sentencesOf(found, await overviewOf(found), []);
      assert.match(answer, /run out first: without a restart, they reach the assumed limit of 15000 on about /);
    },
    (hour) => 500 + 10 * (hour % 96),
  );
});

test("a limit is printed as people call it, whatever a model counts as reached", () => {
  const textOf = (unit: string, limit: Pick<Limit, "level" | "most">) =>
    limitText({ gauge: { name: "gauge", unit }, limit } as GaugeOverview);
  assert.equal(textOf("1", { level: 15_001, most: 15_000 }), "15000");
  // A printer that needs 4 of 100 is refused from 97 on; a model that says no more means the level.
  assert.equal(textOf("1", { level: 97, most: 100 }), "100");
  assert.equal(textOf("1", { level: 64 }), "64");
  assert.equal(textOf("B", { level: 96e6 + 1, most: 128e6 }), "128 MB");
});

test("a leak of one night a week is said to be one of every week, and has a date", async () => {
  const nightly = (hour: number) => 500 + 70 * Math.floor((hour + 96) / 168) + ((hour * 7) % 5);
  await imported(
    async (found, alarms) => {
      const looks = await overviewOf(found);
      const [answer, ...more] = sentencesOf(found, looks, alarms);
      assert.match(answer, /^1 of 2 servers uses more resources every week\. Of the logged resources, handles /);
      assert.match(answer, / estimated from 4 week-to-week changes, so it holds only if all weeks are like these\.$/);
      assert.match(more[1]!, /^PRN1: handles rise by 10\.0 a day, though not on most days \(95 % interval /);
      assert.match(slopesTable(found, looks).rows[0]![9]!, /^about 20\d\d-/);
    },
    nightly,
    31,
  );
});
