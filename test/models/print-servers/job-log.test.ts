/** models/print-servers/job-log: its law of pages is that of the workload; types are known by their logged names. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { jobLog } from "../../../models/print-servers/job-log.ts";
import type { PrintServersValues } from "../../../models/print-servers/parameters/parameters.ts";
import { printServers } from "../../../models/print-servers/model.ts";
import { jobLines } from "../../support/job-log.ts";
import { valuesOf } from "./lockstep.ts";

const log = { server: 0, name: "PRN", startDay: 4, days: 12 };

test("the share of jobs with at most so many pages is that of the drawn jobs", () => {
  for (const settings of [{ pagesMean: 6, pagesMax: 12 }, { pagesMean: 1 }, { pagesLaw: "fixed", pagesMean: 3 }]) {
    const values = valuesOf(printServers, { jobsPerDay: 1000, ...settings }) as PrintServersValues;
    const drawn = jobLines(values, "pages", log).map((line) => Number(line.split(",")[3]));
    for (const pages of [0, 1, 2, 3, 5, 11, 12]) {
      const share = drawn.filter((own) => own <= pages).length / drawn.length;
      const exact = jobLog.pages!.cumulative(values, pages);
      // Five standard errors of 8,000 jobs or more.
      assert.ok(Math.abs(share - exact) <= 0.028, `${JSON.stringify(settings)}, ${pages}: ${share}, exactly ${exact}`);
    }
  }
});

test("types are known by the names that Windows logs", () => {
  const typeOf = (type: string) => jobLog.types!.find(({ matches }) => matches.test(type))?.name;
  assert.deepEqual(["RAW", "RAW [FF appended]", "NT EMF 1.008", "TEXT", "XPS_PASS"].map(typeOf), [
    "RAW",
    "RAW",
    "EMF",
    "TEXT",
    undefined,
  ]);
});
