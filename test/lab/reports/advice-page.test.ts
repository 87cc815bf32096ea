/** lab/reports/advice-page.ts: what who decides is shown, and that it is one sheet of paper. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { CurveChart } from "../../../page/chart.ts";
import { dayOfText } from "../../../lab/calendar.ts";
import { advicePage } from "../../../lab/reports/advice-page.ts";
import { pageText } from "../../../lab/reports/standalone-page.ts";
import { advice, part, policy } from "../../cases/made-up-advice.ts";

const about = { question: "What next?", currency: "GBP", command: "spoolsim advise mine", model: {} };

test("the page gives the verdict, draws what has a sum, and names what has none", () => {
  const policies = [policy("wait", 100), policy("weekly", 10), policy("never", 1e7, { drains: false })];
  const page = advicePage(advice([part("", policies, 1)]), about);
  const text = pageText(page, { style: "", scripts: [] });
  assert.match(text, /<h1>What next\?<\/h1>[\s\S]*For mine, choose weekly\. It costs GBP 10 /);
  const [costs, ahead] = [...text.matchAll(/<script type="application\/json">(.*?)<\/script>/g)].map(
    ([, json]) =>
      JSON.parse(json!) as {
        note: string;
        charts: { panels: { estimates: { x: string }[]; ceilings: { y: number }[] }[] }[];
      },
  );
  assert.deepEqual(
    costs!.charts[0]!.panels[0]!.estimates.map(({ x }) => x),
    ["weekly *", "wait (present)"],
  );
  assert.match(costs!.note, /is not known: never\.$/);
  assert.deepEqual(ahead!.charts[0]!.panels[0]!.ceilings, [{ y: 250, label: "ceiling: 250" }]);
  assert.match(text, /If an hour of staff costs more than GBP 90\.0/);
  assert.match(text, /<code>spoolsim advise mine<\/code>/);
  assert.match(text, /<body class="sheet">/, "printed, it is one sheet");
});

test("what observation is worth is said once, with what the unknown parameter means", () => {
  const one = part("", [policy("wait", 100), policy("weekly", 10)], 1);
  const observation = { ...one.observation, perfect: 30, week: 20, meaning: "median stay [ms]" };
  const text = pageText(advicePage(advice([{ ...one, observation }]), about), { style: "", scripts: [] });
  assert.equal(text.match(/would save GBP 30 in the year, on average\. .* a week first saves GBP 20 of/g)!.length, 1);
  assert.match(text, /<li>stay: median stay \[ms\]\.<\/li>/);
});

test("each part of a mixed fleet has a row, a panel and an advice", () => {
  const both = ["site=office", "site=depot"].map((name) => part(name, [policy("wait", 10), policy("weekly", 100)], 0));
  const fates = both.flatMap(({ policies }) => policies[0]!.fates);
  const whole = { ...both[0]!, name: "", policies: both[0]!.policies.map((one) => ({ ...one, fates })) };
  const page = advicePage({ ...advice(both), whole }, about);
  const text = pageText(page, { style: "", scripts: [] });
  assert.equal(text.match(/"name":"site=(office|depot)"/g)!.length, 2, "panels");
  assert.match(text, /<summary>site=office<\/summary>/);
  assert.match(text, /<th scope="row" class="text">site=depot<\/th>/);
});

test("what runs out is drawn over dates, from the Monday before the fresh start, if that is known", () => {
  const chartOf = (startDay?: number) => {
    const dated = startDay === undefined ? {} : { startDay };
    const page = advicePage({ ...advice([part("", [policy("wait", 100), policy("weekly", 10)], 1)]), ...dated }, about);
    const [, json] = [...pageText(page, { style: "", scripts: [] }).matchAll(/json">(.*?)<\/script>/g)];
    return JSON.parse(json![1]!).charts[0] as CurveChart;
  };
  const [days, dates] = [chartOf(), chartOf(dayOfText("2026-03-05")!)];
  assert.deepEqual([days.startsOnMonday, days.x], [undefined, "days since a fresh start"]);
  assert.equal(dates.startsOnMonday, true);
  assert.deepEqual(dates.mondays!.slice(0, 2), ["2026-03-02", "2026-03-09"]);
  const xs = (chart: CurveChart) => chart.panels[0]!.curves[0]!.x;
  assert.deepEqual(
    xs(dates),
    xs(days).map((day) => day + 3),
    "Thursday is three days after Monday",
  );
  assert.ok(7 * dates.mondays!.length > xs(dates).at(-1)!);
});
