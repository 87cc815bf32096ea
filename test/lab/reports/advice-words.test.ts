/** lab/reports/advice-words.ts: what surrounds the verdict, for a fleet of one part and of two. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { adviceWords } from "../../../lab/reports/advice-words.ts";
import { dayOfText } from "../../../lab/calendar.ts";
import { meanEstimate, withoutInterval } from "../../../statistics/estimate.ts";
import { advice, part, policy, interval } from "../../cases/made-up-advice.ts";

test("policies whose restarts follow neither a calendar nor leaks are said to lack up to half a restart", () => {
  const fates = policy("", 0).fates.map((fate) => ({ ...fate, kind: "restarted" as const, isUnscheduled: true }));
  const basisOf = (more: object) => {
    return adviceWords(advice([part("", [policy("wait", 100), policy("gauge", 10, more)], 1)]), "GBP").basis.join(" ");
  };
  assert.match(
    basisOf({ fates }),
    /The restarts of gauge follow neither a calendar nor a number of leaks\. .* half a restart per server is missing/,
  );
  assert.doesNotMatch(basisOf({}), /calendar/);
});

test("in a mixed fleet every sentence about a part names it", () => {
  const both = ["site=office", "site=depot"].map((name) => part(name, [policy("wait", 10), policy("weekly", 100)], 0));
  const { policies } = both[0];
  const fates = [...policies[0].fates, ...policies[0].fates];
  const whole = { ...both[0], name: "", policies: policies.map((one) => ({ ...one, fates })) };
  const { reasons, byPart, parts, costs } = adviceWords({ ...advice(both), whole }, "EUR");
  assert.equal(parts!.rows.length, 2);
  assert.equal(costs.rows[0]![3], "site=office: printer DCs, day 470 (400 .. 550)", "where it is first");
  assert.ok(
    reasons.some((text) =>
      text.startsWith("Under the present policy, without a restart, the first resource to run out at site=office is"),
    ),
  );
  assert.ok(reasons.some((text) => text.startsWith("At site=office and site=depot, decide again before day 388")));
  for (const { name, restart, canaries, observation } of byPart) {
    for (const text of [restart, ...canaries, observation]) assert.ok(text.startsWith(`${name}: `), text);
  }
});

test("days have dates if the start of the servers is known", () => {
  const fleet = advice([part("", [policy("wait", 10), policy("weekly", 100)], 0)]);
  const { reasons, costs } = adviceWords({ ...fleet, startDay: dayOfText("2026-03-02")! }, "EUR");
  assert.ok(
    reasons.includes(
      "Decide again before 2027-03-25 (for each value of stay below): from then on the first server may run out of printer DCs.",
    ),
  );
  assert.match(reasons.join(" "), /on about 2027-06-15 \(95 % of servers: 2027-04-06 to 2027-09-03\)/);
  assert.equal(costs.rows[0]![3], "printer DCs, 2027-06-15 (2027-04-06 .. 2027-09-03)");
  assert.match(adviceWords(fleet, "EUR").reasons.join(" "), /on about day 470 \(95 % of servers: day 400 to 550\)/);
});

test("restart intervals are not compared if the present policy changes servers", () => {
  const [one] = [part("", [policy("wait", 10), policy("weekly", 100)], 0)];
  const { byPart } = adviceWords(advice([{ ...one, restarts: { ...one.restarts, isChanging: true } }]), "EUR");
  assert.equal(byPart[0]!.restart, "Restart intervals are not compared, because the present policy changes servers.");
});

test("counters give the sentence of their report, hidden ones are named, and no world has a late restart", () => {
  const parts = [part("", [policy("wait", 10), policy("weekly", 100)], 0)];
  const late = { ...parts[0]!.restarts.outlook!, between: { lower: 450, upper: 500 } };
  const firstOut = "Of the logged resources, handles of PRN1 run out first: about 2026-10-20.";
  const fleet = advice([{ ...parts[0]!, restarts: { ...interval(500, 400, 600), outlook: late, isNoticed: false } }]);
  const { reasons, byPart } = adviceWords({ ...fleet, firstOut }, "EUR");
  assert.ok(reasons.includes(firstOut));
  assert.match(reasons.join(" "), /is printer DCs \(limit 250\), which the logs do not contain: at 0\.500 a day/);
  assert.equal(
    byPart[0]!.restart,
    "No server showed a symptom in the simulated days. A restart before day 388 is early enough (for each value of stay below).",
  );
  assert.doesNotMatch(adviceWords(fleet, "EUR").reasons.join(" "), /logs do not contain/);
});

test("few replications are reported to make intervals too narrow, and sixteen are not", () => {
  const fleet = advice([part("", [policy("wait", 10), policy("weekly", 100)], 0)]);
  const basisOf = (replications: number) => adviceWords({ ...fleet, replications }, "EUR").basis.join(" ");
  assert.match(basisOf(2), /With 2 replications, .* in some 74 to 91 % of cases; with sixteen/);
  assert.match(
    basisOf(4),
    /With 4 replications, the intervals of costs and savings contain the true value in some 91 to 95 % of/,
  );
  assert.match(basisOf(8), /With 8 replications, .* in some 93 to 94 % of cases; with sixteen, in close to 95 %/);
  assert.doesNotMatch(basisOf(16), /the true value/);
});

test("a sum that rests on few servers has a mark and no interval, and the verdict says so if it is the best", () => {
  const rare = { isRare: true, cost: withoutInterval(meanEstimate([9, 11])) };
  const of = (best: number) =>
    adviceWords(advice([part("", [policy("wait", 100), policy("weekly", 10, rare)], best)]), "EUR");
  const { costs, reasons } = of(1);
  assert.match(costs.rows[1]!.slice(1, 3).join(), /^10 \u2021,\u2021$/);
  assert.ok(!costs.rows[0]![1]!.includes("\u2021"));
  assert.equal(costs.rows[0]![2], "\u2021");
  assert.match(costs.legend.join(), /\u2021 few or none of the simulated servers ran out/);
  assert.match(
    reasons.join(" "),
    /had to be restarted \(again\) with weekly\. Within .* so no interval of its cost and saving is known/,
  );
  assert.doesNotMatch(of(0).reasons.join(" "), /no interval/);
});

test("a restart interval says where servers may run out sooner, of the whole fleet", () => {
  const own = interval(30, 20, 40);
  const restarts = { ...own, chosen: { ...own.chosen, policy: "a restart every 65 h" } };
  const one = part("", [policy("wait", 1000), policy(restarts.chosen.policy, 30)], 1);
  const of = (name: string, ...worlds: (readonly [value: number, lowerDays: number, isAssumed?: boolean])[]) => {
    const outlook = one.restarts.outlook!;
    const seen = meanEstimate([1, 1]);
    const world = { weight: 0.5, setting: {}, leaks: 1, best: 1, cost: 1, isSound: true, drains: true, seen };
    const observation = {
      ...one.observation,
      name,
      worlds: worlds.map(([value, lower, isAssumed = false]) => {
        return { ...world, value, isAssumed, outlook: { ...outlook, between: { lower, upper: 500 } } };
      }),
    };
    const { reasons, byPart } = adviceWords(advice([{ ...one, restarts, observation }]), "EUR");
    return [byPart[0]!.restart, reasons.join(" ")];
  };
  // The interval is 65 h, 2.71 days. The first of 3 servers lasts 0.97 times as long as one server.
  const [text, reasons] = of("stay", [1, 400, true], [4, 2.75], [8, 2], [2, 3]);
  const there = "the first of the 3 servers may then run out of printer DCs after 1.94 days";
  assert.ok(text!.endsWith(` The restart interval is too long if stay is 4 or 8: ${there}.`), text);
  assert.ok(reasons!.includes(`The restart interval is too long if stay is 4 or 8: ${there}.`), reasons);
  for (const text of of("world", [1, 400], [2, 2])) {
    assert.match(text!, /The restart interval is too long in 1 of the 2 worlds: the first /);
  }
  // What it costs in the assumed world includes the servers that run out, and that they may is said.
  assert.doesNotMatch(of("stay", [1, 2, true], [2, 400]).join(" "), /too long/);
  const early = { ...one.restarts.outlook!, between: { lower: 2, upper: 4 } };
  const here = adviceWords(advice([{ ...one, restarts: { ...restarts, outlook: early } }]), "EUR").reasons;
  assert.ok(
    here.includes(
      "The restart interval may be too long for some servers (with the assumed stay): the first of the 3 servers may " +
        "run out of printer DCs after 1.94 days. Its cost includes that.",
    ),
    here.join("\n"),
  );
  const both = ["site=office", "site=depot"].map((name) => {
    return { ...one, name, restarts: { ...restarts, outlook: name === "site=depot" ? early : one.restarts.outlook } };
  });
  const policies = one.policies.map((each) => ({ ...each, fates: [...each.fates, ...each.fates] }));
  const mixed = adviceWords({ ...advice(both), whole: { ...one, policies } }, "EUR").reasons;
  const late = mixed.filter((text) => text.includes("too long"));
  assert.equal(late.length, 1);
  assert.match(late[0]!, /^At site=depot, the restart interval may be too long for some servers/);
});

test("canaries are for a fleet of this size, and the judge is introduced", () => {
  const trial = { policy: "hotfix", days: 1, canaries: 5, canariesMin: 5, trials: 20, passed: 19, placeboPassed: 0 };
  const of = (servers: number, isWeekSeen = true, unfixedShare = 1) => {
    const one = part("", [policy("wait", 100), policy("hotfix", 50)], 1);
    const rate = { perDay: 30, interval: { lower: 29, upper: 31 }, dispersion: 1 };
    const rows = [
      { days: 1, canaries: 2 },
      { days: 2, canaries: 1 },
    ];
    const leak = { name: "leaked", label: "print processors" };
    const canaries = { leak, rate, unfixedShare, isWeekSeen, quiet: [{ days: 3, canaries: 1 }], rows, trial };
    return adviceWords(advice([{ ...one, servers, canaries }]), "EUR").byPart[0]!.canaries;
  };
  const [single, judge] = of(1);
  assert.match(
    single!,
    / This fleet of 1 server is too small for that: it takes at least 1 of each for 2 days\. .* without controls: 1 canary for 3 days\. A trial may begin at any time of the week\.$/,
  );
  assert.match(
    judge!,
    /only if the judge, a test .*, passes them\. Simulated with 5 canaries and 5 controls for 1 day, it passed 19 of 20 roll-outs of hotfix, and 0 of 20 of a change without the fix\. With fewer canaries, it can never pass a fix\. This fleet of 1 server is too small for it\.$/,
  );
  assert.match(
    of(3)[0]!,
    /\(controls\): 1 of each for 2 days\. Without the fix, a server leaks 30\.0 print processors a day until/,
  );
  assert.match(of(400)[0]!, /\(controls\): 2 of each for 1 day, or 1 of each for 2 days\. /);
  assert.match(
    of(3, false)[0]!,
    / This assumes that other days are like those simulated, which are less than a week\.$/,
  );
  const [proof, trialOfPart] = of(10, true, 0.8);
  assert.match(
    proof!,
    /\(controls\), both from the servers that do not have it yet: 2 of each for 1 day, or 1 of each for 2 days\. /,
  );
  assert.match(
    trialOfPart!,
    /Simulated with 5 canaries and 5 controls, none of which had the fix before, for 1 day, it passed .* The part of this fleet without the fix, about 8 servers, is too small for it\.$/,
  );
  assert.match(of(400)[1]!, /it can never pass a fix\.$/);
});

test("the advice says for which servers it is", () => {
  const fleet = advice([part("", [policy("wait", 10), policy("weekly", 100)], 0)]);
  const { reasons } = adviceWords({ ...fleet, settings: { site: "office", jobsPerDay: 2000 } }, "EUR");
  assert.equal(reasons.at(-1), "The verdict is for servers with these settings: site office, jobsPerDay 2000.");
});

test("where the verdict is not the cheapest over all values of the unknown parameter, the advice says why", () => {
  const one = part("", [policy("wait", 10), policy("weekly", 100)], 0);
  const world = {
    value: 7,
    setting: { stay: 7 },
    isAssumed: false,
    weight: 1,
    leaks: 1,
    outlook: undefined,
    isSound: true,
    drains: true,
    seen: meanEstimate([1, 1]),
  };
  const of = (excluded: number[], name = "stay") =>
    adviceWords(
      advice([
        {
          ...one,
          observation: { ...one.observation, name, worlds: [{ ...world, best: 1, cost: 5 }], best: 1, excluded },
        },
      ]),
      "EUR",
    ).byPart[0]!;
  assert.match(
    of([]).observation,
    / decide now\. The verdict names wait, because it is for the assumed stay; on average over these values, weekly costs least\.$/,
  );
  assert.match(
    of([0]).observation,
    /\. The verdict names wait, because it is for the assumed stay; with wait a resource runs out after the simulated days at another of these values, so it is left out here, and weekly is the cheapest of the others\.$/,
  );
  assert.equal(
    of([]).worlds.legend[1],
    "cheapest: if this value of stay is the true one; the verdict is for the assumed value",
  );
  const same = adviceWords(advice([one]), "EUR").byPart[0]!;
  assert.doesNotMatch(same.observation, /The verdict names/);
  assert.equal(same.worlds.legend.length, 1);
});

test("nobody is advised to observe for a week if something may run out before the policy that comes later", () => {
  const of = (lateDays: number | undefined) => {
    const one = part("", [policy("wait", 1000), policy("hotfix", 100)], 1);
    const outlook = { ...one.restarts.outlook!, between: { lower: 9, upper: 15 } };
    const seen = meanEstimate([1, 1]);
    const world = { value: 4, weight: 1, setting: {}, isAssumed: false, leaks: 1, best: 1, cost: 1, isSound: true };
    const worlds = [{ ...world, outlook, drains: true, seen, lateDays }];
    const observation = { ...one.observation, worlds, perfect: 50, week: 40, waiting: 0 };
    return adviceWords(advice([{ ...one, observation }]), "EUR").byPart[0]!.observation;
  };
  assert.match(
    of(undefined),
    /saves EUR 40 of that and costs EUR 0, so observe first, if the servers have just been restarted\.$/,
  );
  assert.match(of(8.5), /, so observe first, /, "the first of 3 servers may run out after 8.74 days");
  assert.match(
    of(12),
    /costs EUR 0 in that week, and an unknown sum later: if stay is 4, the first server may run out after 8\.74 days, and hotfix, begun a week later, takes until day 12\.0, so decide now; /,
  );
});

test("a world in which no policy can be recommended has no cheapest one, and its knowledge no known worth", () => {
  const one = part("", [policy("wait", 10), policy("weekly", 100)], 0);
  const of = (seen: number, isSound: boolean, name = "stay") => {
    const world = {
      value: 7,
      setting: {},
      isAssumed: false,
      weight: 1,
      leaks: 1,
      outlook: undefined,
      best: 1,
      cost: 5,
    };
    const worlds = [{ ...world, isSound, drains: true, seen: meanEstimate([seen, seen]) }];
    const observation = { ...one.observation, name, worlds, isSound };
    return adviceWords(advice([{ ...one, observation, scale: 10 }]), "EUR").byPart[0]!;
  };
  assert.deepEqual(of(0, true).worlds.rows[0]!.slice(-2), ["weekly", "50"]);
  assert.deepEqual(of(0, false).worlds.rows[0]!.slice(-2), ["", "not known"]);
  assert.deepEqual(of(3, false).worlds.rows[0]!.slice(-2), ["", "more than 30"]);
  assert.match(
    of(0, false).worlds.legend.join(" "),
    /no cheapest policy: with this value of stay, the simulated days /,
  );
  assert.doesNotMatch(of(0, true).worlds.legend.join(" "), /no cheapest policy/);
  assert.equal(
    of(0, false).observation,
    "What knowing stay is worth is not known, because no policy can be recommended for all of these values.",
  );
  assert.match(of(0, false, "world").observation, /knowing the true world .* recommended in all of these worlds\.$/);
});

test("the basis says from when on days and dates are counted", () => {
  const one = advice([part("", [policy("wait", 30), policy("fix", 10)], 1)]);
  assert.match(adviceWords(one, "EUR").basis.join(" "), /Days are counted from a restart of all servers\./);
  assert.match(
    adviceWords({ ...one, startDay: 20_000 }, "EUR").basis.join(" "),
    /Dates are counted from a restart of all servers on 2024-10-04; where a date has passed, they may have run out/,
  );
});

test("no amount is written with an exponent", () => {
  const outlook = { ...part("", [policy("wait", 1)], 0).restarts.outlook!, level: 51_800_000, perDay: 1_020_000 };
  const wait = policy("wait", 1, {
    perServerDay: [2_340_000],
    fates: [{ kind: "lasts", outlook, harmed: 0, fixed: 0 }],
  });
  const { reasons, quantities } = adviceWords(advice([part("", [wait, policy("fix", 10)], 1)]), "EUR");
  assert.match(reasons.join(" "), /\(limit 51,800,000\): at 1,020,000 a day/);
  assert.deepEqual(quantities!.rows[0], ["wait", "2,340,000"]);
});

test("with a scale, settings that count servers count simulated ones, and the basis says so", () => {
  const one = part("", [policy("wait", 30), policy("waves", 10)], 1);
  const basisOf = (scale: number) => adviceWords(advice([{ ...one, scale }]), "EUR").basis.join(" ");
  assert.match(basisOf(20), /Each simulated server stands for 20 of the fleet, also in settings that count servers/);
  assert.doesNotMatch(basisOf(1), /stands for/);
});

test("a fix says what it costs in later years, unless it is paid once", () => {
  const of = (cost: number, seen: number, horizonDays = 28) => {
    const fix = policy("fix", cost, { cost: meanEstimate([cost, cost]), seen: meanEstimate([seen, seen]) }, "fixed");
    const both = advice([part("", [policy("wait", 1), fix], 0)]);
    return adviceWords({ ...both, horizonDays }, "EUR").changes.filter((text) => text.startsWith("Fix costs"));
  };
  assert.deepEqual(of(100, 99), [
    "Fix costs EUR 100 in the first year, almost all of it once, and still works in later years.",
  ]);
  // 337 in the 337 days that were not simulated.
  assert.deepEqual(of(400, 63), ["Fix costs EUR 400 in the first year, and some 365 in each later year."]);
  assert.deepEqual(of(400, 400, 365), [], "no day is left");
  assert.deepEqual(of(0, 0), []);
});

test("no price makes another policy the cheapest where none can be recommended", () => {
  const of = (isSound: boolean) => {
    const policies = [policy("wait", 5, { isSound }), policy("complaint", 6, { isSound })];
    return adviceWords(advice([{ ...part("", policies, 0), breakEvens: [] }]), "EUR").changes;
  };
  assert.match(of(true).join(" "), /^No change of a single price/);
  assert.deepEqual(of(false), []);
});
