/** lab/reports/advice-words.ts: the verdict in words, of a fleet of one part and of two. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { money } from "../../../lab/reports/advice-format.ts";
import { adviceWords } from "../../../lab/reports/advice-words.ts";
import { dayOfText } from "../../../lab/calendar.ts";
import { meanEstimate, withoutInterval } from "../../../statistics/estimate.ts";
import { advice, part, policy } from "../../cases/made-up-advice.ts";

test("the verdict gives the action, its cost and its saving", () => {
  const { verdict, changes } = adviceWords(advice([part("", [policy("wait", 100), policy("weekly", 10)], 1)]), "GBP");
  assert.equal(
    verdict,
    "For mine, choose weekly. It costs GBP 10 (0 .. 22.7) a year for 3 servers, GBP 90 ± 12.7 less than wait, the present policy.",
  );
  assert.deepEqual(changes, ["If an hour of staff costs more than GBP 90.0 (staffHour), wait would cost least."]);
});

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

test("advice to keep a policy that fills up gives the day to decide again, and does not repeat itself", () => {
  const { verdict, reasons } = adviceWords(advice([part("", [policy("wait", 10), policy("weekly", 100)], 0)]), "EUR");
  assert.match(verdict, /^For mine, keep wait, the present policy\. It costs EUR 10/);
  assert.ok(
    reasons.includes(
      "Decide again before day 388 (for each value of stay below): from then on the first server may run out of printer DCs.",
    ),
  );
});

test("where stuck jobs accumulate, the advice gives the simulated days only and no saving", () => {
  const piling = { drains: false };
  const of = (cost: number) =>
    adviceWords(advice([part("", [policy("wait", cost, piling), policy("weekly", 10)], 1)]), "EUR");
  const { verdict, costs } = of(5000);
  assert.match(
    verdict,
    /10 \(0 \.\. 22\.7\) a year for 3 servers; wait, the present policy, costs more than EUR 487\.$/,
  );
  assert.deepEqual(costs.rows[0]!.slice(1, 3), ["more than 487", ""]);
  assert.match(costs.legend.join(" "), /after "more than", the lower end of its 95 % interval/);
  assert.match(costs.rows[0]![3]!, /the queue never drains/);
  assert.match(of(1e9).verdict, /costs more than EUR 100,000,000\.$/, "the bound is all that the simulated days cost");
});

test("the distance from the cheapest other policy is read as more or less", () => {
  const ends = [
    [0, 90],
    [-12, 0],
    [-12, 90],
    [0, 0],
  ];
  const policies = ends.map(([lower = 0, upper = 0], i) => {
    return policy(`policy ${i}`, 10, { above: { value: upper, lower, upper, isCandidate: lower < 0 } });
  });
  assert.deepEqual(
    adviceWords(advice([part("", policies, 1)]), "EUR").costs.rows.map((row) => row[2]),
    ["more, by up to 90", "less, by up to 12", "12 less to 90 more", "equal"],
  );
});

test("where none of the resource leaked, the day is only how long the resource lasts at least", () => {
  const sound = policy("fixed", 10);
  const fates = sound.fates.map((fate) => ({ ...fate, outlook: { ...fate.outlook!, perDay: 0 } }));
  const { reasons, costs } = adviceWords(advice([part("", [policy("wait", 100), { ...sound, fates }], 1)]), "EUR");
  assert.equal(costs.rows[1]!.at(-1), "not before day 388", "of the first of all servers, as in the sentence");
  assert.ok(
    reasons.includes(
      "No printer DCs leaked with fixed in the 28 days simulated; that shows only that they last until day 388 (with the assumed stay).",
    ),
  );
  assert.doesNotMatch(reasons.join(" "), /decide again|nothing leaked/i);
  const present = adviceWords(advice([part("", [{ ...sound, fates }, policy("wait", 100)], 0)]), "EUR");
  assert.match(
    present.reasons.join(" "),
    /without a restart, no printer DCs leaked, and they last for at least 388 days\./,
  );
});

test("a day by which to act is early enough for every server of the fleet and every value of the unknown parameter", () => {
  const one = part("", [policy("wait", 10), policy("weekly", 100)], 0);
  const { outlook } = one.restarts;
  const chosen = { hours: 24, by: "formula" as const, value: 1, lower: 1, upper: 1 };
  const restarts = { ...one.restarts, chosen };
  const of = (servers: number, worlds: object[] = []) => {
    const observation = { ...one.observation, worlds: worlds as typeof one.observation.worlds };
    const { reasons, byPart } = adviceWords(advice([{ ...one, servers, observation, restarts }]), "EUR");
    const [again] = reasons.join(" ").match(/Decide again before day \d+/)!;
    return [again, byPart[0]!.restart.match(/A restart before day \d+/)![0]];
  };
  // Quantiles of a gamma variate of shape 235: 205.9 for one server, 180.8 for the first of 400.
  assert.deepEqual(of(1), ["Decide again before day 400", "A restart before day 400"]);
  assert.deepEqual(of(400), ["Decide again before day 351", "A restart before day 351"]);
  const world = { value: 1, weight: 1, leaks: 1, best: 0, cost: 1, drains: true, seen: meanEstimate([1, 1]) };
  const soon = { ...world, outlook: { ...outlook!, between: { lower: 200, upper: 300 } } };
  assert.deepEqual(of(1, [soon]), ["Decide again before day 200", "A restart before day 200"]);
});

test("only a policy that may cost less is said to, and one that costs as much is named", () => {
  const free = { cost: meanEstimate([0, 0]), above: { value: 0, lower: 0, upper: 0, isCandidate: true } };
  const more = { above: { value: 9, lower: 0, upper: 20, isCandidate: false } };
  const of = (...policies: ReturnType<typeof policy>[]) =>
    adviceWords(advice([part("", [policy("wait", 0, free), ...policies], 0)]), "EUR").reasons.join(" ");
  const dear = policy("weekly", 9, more);
  assert.match(
    of(policy("complaint", 0, free), dear),
    /With 95 % confidence, complaint costs as much, and every other policy that can be recommended costs more\./,
  );
  assert.match(of(dear), /With 95 % confidence, every other policy that can be recommended costs more\./);
  const { whole, ...fleet } = advice([part("", [policy("wait", 50), policy("never", 50, free)], 0)]);
  const chosen = { hours: 24, by: "formula" as const, value: 1e-3, lower: 1e-3, upper: 1e-3 };
  const better = {
    ...fleet.parts[0]!,
    policies: whole.policies.map((one) => ({ ...one, cost: meanEstimate([50, 50]) })),
  };
  better.restarts = { ...better.restarts, chosen, isNoticed: true };
  assert.match(
    adviceWords(advice([better]), "EUR").reasons.join(" "),
    /With 95 % confidence, never costs as much as wait\./,
  );
  const cheaper = policy("weekly", 9, { above: { ...more.above, lower: -3 } });
  assert.match(of(cheaper), /this may cost less: weekly\./);
  const few = { ...cheaper, name: "168", isRare: true };
  const uncertain = "It is not certain whether 168 costs less than wait, because its cost has no interval (‡).";
  const both = of(cheaper, few);
  assert.ok(both.includes(`this may cost less: weekly. ${uncertain}`), both);
  assert.ok(of(few).includes(uncertain) && !/may cost less|costs more/.test(of(few)), of(few));
});

test("advice from worlds that do not match the counters says so first", () => {
  const fleet = advice([part("", [policy("wait", 100), policy("weekly", 10)], 1)]);
  const { verdict, reasons } = adviceWords({ ...fleet, unlike: "handles, rise" }, "EUR");
  assert.match(
    verdict,
    /^Do not rely on this yet, because the worlds do not look like the counters: for mine, choose /,
  );
  assert.match(reasons[0]!, /^The worlds do not show the observed handles, rise\. /);
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
  const chosen = { hours: 24, by: "formula" as const, value: 1, lower: 1, upper: 1 };
  const firstOut = "Of the logged resources, handles of PRN1 run out first: about 2026-10-20.";
  const fleet = advice([{ ...parts[0]!, restarts: { rows: [], chosen, outlook: late, isNoticed: false } }]);
  const { reasons, byPart } = adviceWords({ ...fleet, firstOut }, "EUR");
  assert.ok(reasons.includes(firstOut));
  assert.match(reasons.join(" "), /is printer DCs \(limit 250\), which the logs do not contain: at 0\.500 a day/);
  assert.equal(
    byPart[0]!.restart,
    "No server showed a symptom in the simulated days. A restart before day 388 is early enough (for each value of stay below).",
  );
  assert.doesNotMatch(adviceWords(fleet, "EUR").reasons.join(" "), /logs do not contain/);
});

test("a fix pays for itself when its costs fall below those of the present policy", () => {
  // 40 in the 28 days in which it is installed and nothing after them, against 365 a year.
  const fix = policy("hotfix", 40, { seen: meanEstimate([40, 40]) }, "fixed");
  const fleet = advice([part("", [policy("wait", 365), fix], 1)]);
  assert.match(
    adviceWords(fleet, "EUR").reasons.join(" "),
    /hotfix pays for itself by about day 40\. This day has no interval/,
  );
  const dated = adviceWords({ ...fleet, startDay: dayOfText("2026-03-02")! }, "EUR");
  assert.match(dated.reasons.join(" "), /hotfix pays for itself by about 2026-04-1[01]\./);
});

test("a fix does not pay for itself before it is installed", () => {
  // 1 in 28 days against 1 a day.
  const fix = policy("hotfix", 1, { seen: meanEstimate([1, 1]) }, "fixed");
  const fates = fix.fates.map((fate) => ({ ...fate, changedDays: 5 }));
  const { reasons } = adviceWords(advice([part("", [policy("wait", 365), { ...fix, fates }], 1)]), "EUR");
  assert.match(reasons.join(" "), /hotfix pays for itself by about day 5\./);
});

test("no day is named on which a fix pays for itself if the present policy installs something, too", () => {
  // Most of the 365 of the present policy is paid once, and not 1 a day: 40 is reached in the first days, not on day 40.
  const fix = policy("key-sp6", 40, { seen: meanEstimate([40, 40]) }, "fixed");
  const present = policy("hotfix-sp6", 365, { seen: meanEstimate([365, 365]) }, "fixed");
  const fates = present.fates.map((fate) => ({ ...fate, changedDays: 12, harmed: 2 }));
  const { reasons } = adviceWords(advice([part("", [{ ...present, fates }, fix], 1)]), "EUR");
  assert.doesNotMatch(reasons.join(" "), /pays for itself/);
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
    /had to be restarted with weekly\. Within .* so no interval of its cost and saving is known/,
  );
  assert.doesNotMatch(of(0).reasons.join(" "), /no interval/);
});

test("a policy without costs before the horizon that runs out after it has no sum", () => {
  const late = { isSound: false, seen: meanEstimate([0, 0]) };
  const { costs } = adviceWords(
    advice([part("", [policy("wait", 0, late, "runs-out"), policy("weekly", 10)], 1)]),
    "EUR",
  );
  assert.equal(costs.rows[0]![1], "not known");
  const { costs: uncertain, verdict } = adviceWords(
    advice([
      part(
        "",
        [policy("wait", 0, { ...late, seen: meanEstimate([7000, 17000]) }, "runs-out"), policy("weekly", 10)],
        1,
      ),
    ]),
    "EUR",
  );
  assert.equal(uncertain.rows[0]![1], "not known; 12,000 in 28 days", "a bound of 0 does not hide what was simulated");
  assert.match(verdict, /; the cost of the present policy \(wait\) in a year is not known\.$/);
});

test("policies that only postpone the decision share a sentence, and one of which too little was simulated has its own", () => {
  const late = { isSound: false };
  const unseen = policy("monthly", 5, late, "unseen");
  const fates = unseen.fates.map((fate) => ({ ...fate, unseen: "calendar" as const, daysNeeded: 31 }));
  const policies = [
    policy("wait", 0, late, "runs-out"),
    policy("complaint", 0, late, "runs-out"),
    policy("weekly", 10),
    { ...unseen, fates },
    { ...unseen, name: "late", fates: fates.map((fate) => ({ ...fate, daysNeeded: 30 })) },
    { ...unseen, name: "threshold", fates: unseen.fates.map((fate) => ({ ...fate, unseen: "level" as const })) },
    { ...unseen, name: "waves", fates: fates.map((fate) => ({ ...fate, unseen: "changes" as const, daysNeeded: 40 })) },
    {
      ...unseen,
      name: "weekend",
      fates: fates.map((fate) => ({ ...fate, unseen: "leaks-left" as const, daysNeeded: 35 })),
    },
  ];
  const { verdict, reasons, costs } = adviceWords(advice([part("", policies, 2)]), "EUR");
  const ofOneDay = adviceWords({ ...advice([part("", policies, 2)]), horizonDays: 1 }, "EUR").reasons.join(" ");
  assert.match(ofOneDay, /the 1 day simulated does not show all/);
  assert.match(ofOneDay, /The 1 day simulated contains no whole/);
  assert.match(verdict, /; the cost of the present policy \(wait\) in a year is not known\.$/);
  assert.equal(reasons.filter((text) => text.includes("may run out of a resource")).length, 1);
  assert.ok(
    reasons.some((text) => text.startsWith("What a year of wait or complaint costs is not known: without a restart, ")),
  );
  assert.ok(
    reasons.includes(
      "The 28 days simulated contain no whole restart interval of monthly or late, counted from the start or from the last " +
        "change, so the cost of a year is not known. Simulate at least 31 days (horizonDays: 31).",
    ),
  );
  assert.ok(
    reasons.includes(
      "The changes of waves, or repairs of harm that they do, go on after the 28 days simulated, so the cost of a year is not " +
        "known. Simulate at least 40 days (horizonDays: 40).",
    ),
  );
  assert.ok(
    reasons.includes(
      "The 28 days simulated contain less than a week after the changes of weekend, too little to see which leaks they leave, " +
        "so the cost of a year is not known. Simulate at least 35 days (horizonDays: 35).",
    ),
  );
  assert.ok(
    reasons.includes(
      "In the 28 days simulated, few or none of the servers reach the level at which threshold restarts them, so the cost " +
        "of a year is not known. Simulate more days (horizonDays).",
    ),
  );
  assert.equal(costs.rows[3]![3], "too few days simulated");
});

const interval = (value: number, lower: number, upper: number, by: "formula" | "simulation" = "formula") => {
  const restarts = { ...part("", [policy("", 0)], 0).restarts, isNoticed: true };
  return { ...restarts, chosen: { hours: 65, by, value: value / 1095, lower: lower / 1095, upper: upper / 1095 } };
};

test("a restart interval whose whole interval is cheaper is the verdict, and one that may be is named beside it", () => {
  const of = (restarts: ReturnType<typeof interval>) =>
    adviceWords(advice([{ ...part("", [policy("wait", 1000), policy("hotfix", 100)], 1), restarts }]), "EUR");
  const better = of(interval(30, 20, 40));
  assert.match(
    better.verdict,
    /^For mine, restart every 65 h\. It costs EUR 30 a year \(95 % interval 20 \.\. 40\) for 3 servers\. Of the compared policies, hotfix costs least: EUR 100 ± 12\.7 a year, /,
  );
  assert.ok(
    better.reasons.includes(
      "With 95 % confidence, every other compared policy that can be recommended costs more than hotfix.",
    ),
  );
  assert.match(better.byPart[0]!.restart, /, less than each of the compared policies\.$/);
  const unclear = of(interval(90, 85, 160));
  assert.match(unclear.verdict, /^For mine, choose hotfix\./);
  assert.ok(unclear.reasons.includes("According to the simulation, this may cost less: a restart every 65 h."));
  assert.match(unclear.byPart[0]!.restart, /\. Whether that is more or less than hotfix costs is not known\.$/);
  const unseen = of({ ...interval(30, 20, 40), isNoticed: false });
  assert.match(unseen.verdict, /^For mine, restart every 65 h\. /, "whether or not a server showed a symptom");
  assert.match(unseen.byPart[0]!.restart, /^No server .* is early enough .*\. If you must wait, restart every 65 h /);
  const [even, costly] = [interval(90, 85, 160), interval(200, 150, 250)];
  assert.match(of({ ...even, isNoticed: false }).reasons.join(" "), /this may cost less: a restart every 65 h\./);
  assert.doesNotMatch(of({ ...costly, isNoticed: false }).byPart[0]!.restart, /restart every/);
  const dearer = of(costly);
  assert.match(dearer.byPart[0]!.restart, /\(95 % interval 150 \.\. 250\)\.$/);
  const rare = of(interval(30, NaN, NaN, "simulation"));
  assert.match(rare.verdict, /^For mine, choose hotfix\./, "without an interval nothing is certain");
  assert.match(rare.byPart[0]!.restart, /EUR 30 a year ‡ \(few or none of the servers ran out of a resource/);
});

test("a restart interval that is a compared policy is not compared with it, and its cost is given once", () => {
  const of = (name: string, best: number) => {
    const all = interval(90, 85, 160);
    const restarts = { ...all, chosen: { ...all.chosen, hours: 96, policy: name } };
    const { reasons, byPart } = adviceWords(
      advice([{ ...part("", [policy("wait", 1000), policy("96", 100), policy("hotfix", 100)], best), restarts }]),
      "EUR",
    );
    assert.doesNotMatch(reasons.join(" "), /restart every/);
    return byPart[0]!.restart;
  };
  const how =
    "chosen by the formula; up to this interval, it is within 25 % of each simulated cost, or within that cost's confidence interval";
  assert.equal(of("96", 1), `If you must wait, restart every 4 d, as 96 does (${how}); the verdict gives its cost.`);
  assert.equal(
    of("96", 2),
    `If you must wait, restart every 4 d, as 96 does (${how}); the table of costs gives its cost.`,
  );
});

test("a restart interval says where servers may run out sooner, of the whole fleet", () => {
  const of = (name: string, ...worlds: (readonly [value: number, lowerDays: number, isAssumed?: boolean])[]) => {
    const one = part("", [policy("wait", 1000), policy("hotfix", 100)], 1);
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
    const restarts = interval(30, 20, 40);
    const { verdict, reasons, byPart } = adviceWords(advice([{ ...one, restarts, observation }]), "EUR");
    return [byPart[0]!.restart, reasons.join(" "), verdict];
  };
  // The interval is 65 h, 2.71 days. The first of 3 servers lasts 0.97 times as long as one server.
  const [restart, reasons] = of("stay", [1, 400, true], [4, 2.75], [8, 2], [2, 3]);
  const there = "the first of the 3 servers may then run out of printer DCs after 1.94 days";
  assert.ok(restart!.endsWith(` The restart interval is too long if stay is 4 or 8: ${there}.`), restart);
  assert.ok(reasons!.includes(`The restart interval is too long if stay is 4 or 8: ${there}.`), reasons);
  const inWorlds = of("world", [1, 400], [2, 2]);
  assert.match(inWorlds[0]!, / The restart interval is too long in 1 of the 2 worlds: the first /);
  assert.match(inWorlds[2]!, /^For mine, choose hotfix\./, "the cost of the interval is that of another world");
  assert.match(of("world", [1, 400], [2, 300])[2]!, /^For mine, restart every 65 h\./);
  // What it costs in the assumed world includes the servers that run out, and that they may is said.
  assert.doesNotMatch(of("stay", [1, 2, true], [2, 400]).join(" "), /too long/);
  const one = part("", [policy("wait", 1000), policy("hotfix", 100)], 1);
  const early = { ...one.restarts.outlook!, between: { lower: 2, upper: 4 } };
  const { reasons: own } = adviceWords(
    advice([{ ...one, restarts: { ...interval(30, 20, 40), outlook: early } }]),
    "EUR",
  );
  assert.ok(
    own.includes(
      "The restart interval may be too long for some servers (with the assumed stay): the first of the 3 servers may " +
        "run out of printer DCs after 1.94 days. Its cost includes that.",
    ),
    own.join("\n"),
  );
});

test("if no policy can be recommended, the verdict says so, and no policy has a star", () => {
  const late = { isSound: false };
  const of = (cost: number) => {
    const policies = [policy("wait", cost, late, "runs-out"), policy("gauge", cost + 1, late, "runs-out")];
    return adviceWords(advice([part("", policies, 0)]), "EUR");
  };
  assert.equal(of(10).verdict, "For mine, no policy can be recommended yet.");
  assert.doesNotMatch(of(10).costs.rows.join(), /\*/);
  assert.match(of(10).reasons.join(" "), /What a year of wait or gauge costs is not known/);
});

test("of policies that cost nothing while they are simulated, the one that lasts is chosen, and why", () => {
  const free = { seen: meanEstimate([0, 0]), cost: meanEstimate([0, 0]), perServerDay: [0] };
  const wait = policy("wait", 0, { ...free, isSound: false }, "runs-out");
  const { verdict, reasons } = adviceWords(advice([part("", [wait, policy("fixed", 0, free)], 1)]), "EUR");
  assert.equal(
    verdict,
    "For mine, choose fixed. No policy cost anything in the 28 days simulated, but the cost of the present policy (wait) in a year is not known.",
  );
  assert.match(
    reasons.join(" "),
    / may run out of a resource from day 388 on, and the 28 days simulated do not show all consequences\. Decide again before day 388 if you choose wait\./,
  );
});

test("the table of costs says what each policy sets", () => {
  const { costs } = adviceWords(advice([part("", [policy("wait", 9), policy("fixed", 8)], 1)]), "EUR");
  assert.equal(
    costs.legend[0],
    "policy: what it sets is in brackets, and spoolsim describe explains each setting: wait (restartEveryHours 0), fixed (servers 3, spooler fixed)",
  );
});

test("if everything that policies take is free, none is chosen", () => {
  const free = { seen: meanEstimate([0, 0]), cost: meanEstimate([0, 0]), perServerDay: [389] };
  const one = part("", [policy("wait", 0, free), policy("weekly", 0, free)], 0);
  const fleet = advice([{ ...one, restarts: interval(0, 0, 0) }]);
  const { verdict, reasons, changes, costs, byPart } = adviceWords(fleet, "EUR");
  assert.equal(
    verdict,
    "For mine, no policy can be recommended: at these prices, all of them cost 0 in the 28 days simulated. Set prices for what they take.",
  );
  assert.doesNotMatch([...reasons, ...costs.rows.flat()].join(" "), /Decide again|\*/);
  assert.deepEqual(changes, []);
  assert.equal(byPart[0]!.restart, "No restart interval can be recommended at these prices.");
  assert.match(
    byPart[0]!.observation,
    /^What knowing stay is worth is not known, because no policy can be recommended\.$/,
  );
});

test("a verdict without ± says why: few servers ran out on the fresh replications, or all cost the same", () => {
  const of = (judged: object) => {
    const one = part("", [policy("wait", 100), policy("weekly", 10)], 1);
    return adviceWords(advice([{ ...one, judged: { ...one.judged, ...judged } }]), "EUR");
  };
  const none = withoutInterval(meanEstimate([9, 11]));
  const rare = of({ cost: none });
  assert.match(rare.verdict, /It costs EUR 10 ‡ a year/);
  assert.match(
    rare.reasons.join(" "),
    /‡ On the fresh replications, few .* with weekly\. .* no interval of its cost and saving is/,
  );
  const saving = of({ saved: none });
  assert.match(saving.verdict, /, EUR 10 ‡ less than wait/);
  assert.match(
    saving.reasons.join(" "),
    /‡ On the fresh replications, few .* with wait\. .* no interval of what weekly saves is/,
  );
  const same = of({ cost: meanEstimate([35.9, 35.9]) });
  assert.match(same.verdict, /It costs EUR 35\.9 a year/);
  assert.ok(same.reasons.includes("In every fresh replication, weekly costs the same, so its cost has no ±."));
  const free = of({ cost: meanEstimate([0, 0]) });
  for (const { reasons } of [of({}), free]) assert.doesNotMatch(reasons.join(" "), /every fresh replication,/);
});

test("a cost whose interval would reach below 0 has ends instead of ±", () => {
  const { verdict, costs } = adviceWords(advice([part("", [policy("wait", 40), policy("weekly", 10)], 1)]), "EUR");
  assert.match(verdict, /It costs EUR 10 \(0 \.\. 22\.7\) a year/);
  assert.deepEqual(
    costs.rows.map((row) => row[1]),
    ["40 ± 12.7", "10 (0 .. 22.7)"],
  );
});

test("harm done, restarted and fixed have a legend where they occur", () => {
  const kinds = (["lasts", "restarted", "fixed"] as const).map((kind) => policy(kind, 10, {}, kind));
  const harmed = kinds[2]!.fates.map((fate) => ({ ...fate, harmed: 2 }));
  const of = (last: object) => {
    return adviceWords(advice([part("", [...kinds.slice(0, 2), { ...kinds[2]!, ...last }], 1)]), "EUR").costs;
  };
  const { rows, legend } = of({ fates: harmed });
  assert.equal(rows[2]![3], "fixed, harm done");
  assert.match(
    legend.join(" "),
    /runs out of: .*; restarted: nothing .*; fixed: nothing .*; harm done: on some servers, it falls/,
  );
  assert.doesNotMatch(of({}).legend.join(" "), /harm done|unless/);
  const late = policy("late", 10, {}, "restarted").fates.map((fate) => ({ ...fate, ranOut: "some" as const }));
  assert.match(of({ fates: late }).legend.join(" "), /restarted: nothing runs out, unless the cell says so, because /);
});

test("a restart or fix that comes too late for servers says so, and is not said to prevent it", () => {
  const of = (kind: "restarted" | "fixed", ranOut: "may" | "some" | "all") => {
    const fates = policy("", 0).fates.map((fate) => ({ ...fate, kind, ranOut }));
    const { rows, legend } = adviceWords(
      advice([part("", [policy("wait", 100), policy("late", 10, { fates })], 1)]),
      "EUR",
    ).costs;
    assert.doesNotMatch(legend.join(" "), /nothing runs out/);
    return rows[1]![3];
  };
  assert.equal(of("restarted", "some"), "restarted; some servers run out of printer DCs before");
  assert.equal(of("restarted", "may"), "restarted; servers may run out of printer DCs before");
  assert.equal(of("restarted", "all"), "restarted after running out of printer DCs");
  assert.equal(of("fixed", "some"), "fixed; some servers run out of printer DCs before");
});

test("canaries are for a fleet of this size, and the judge is introduced", () => {
  const trial = { policy: "hotfix", days: 1, canaries: 5, canariesMin: 5, trials: 20, passed: 19, placeboPassed: 0 };
  const of = (servers: number, isWeekSeen = true) => {
    const one = part("", [policy("wait", 100), policy("hotfix", 50)], 1);
    const rate = { perDay: 30, interval: { lower: 29, upper: 31 }, dispersion: 1 };
    const rows = [
      { days: 1, canaries: 2 },
      { days: 2, canaries: 1 },
    ];
    const canaries = { rate, isWeekSeen, quiet: [{ days: 3, canaries: 1 }], rows, trial };
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
    /\(controls\): 1 of each for 2 days\. Without the fix, a server has 30\.0 leaks of any kind a day/,
  );
  assert.match(of(400)[0]!, /\(controls\): 2 of each for 1 day, or 1 of each for 2 days\. /);
  assert.match(
    of(3, false)[0]!,
    / This assumes that other days are like those simulated, which are less than a week\.$/,
  );
  assert.match(of(400)[1]!, /it can never pass a fix\.$/);
});

test("a cost that varies only by rounding has no interval", () => {
  const of = (halfWidth: number) => {
    const cost = { ...meanEstimate([1.16, 1.16]), halfWidth };
    return adviceWords(advice([part("", [policy("wait", 10, { cost }), policy("weekly", 9)], 1)]), "EUR").costs
      .rows[0]![1]!;
  };
  assert.deepEqual([1.98e-16, 0.5].map(of), ["1.16", "1.16 ± 0.5"]);
});

test("money has three digits and no exponent", () => {
  assert.deepEqual([1.98e-16, 0.206, 12.345, 1234.5, 2_090_111].map(money), [
    "0",
    "0.21",
    "12.3",
    "1,230",
    "2,090,000",
  ]);
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
    / decide now; on average over these values, weekly costs least\. The verdict names wait, because it is for the assumed stay; on average over these values, weekly costs least\.$/,
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
  assert.match(of(undefined), /saves EUR 40 of that and costs EUR 0, so observe first\.$/);
  assert.match(of(8.5), /, so observe first\.$/, "the first of 3 servers may run out after 8.74 days");
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

test("with a scale, settings that count servers count simulated ones, and the basis says so", () => {
  const one = part("", [policy("wait", 30), policy("waves", 10)], 1);
  const basisOf = (scale: number) => adviceWords(advice([{ ...one, scale }]), "EUR").basis.join(" ");
  assert.match(basisOf(20), /Each simulated server stands for 20 of the fleet, also in settings that count servers/);
  assert.doesNotMatch(basisOf(1), /stands for/);
});

test("a policy whose stuck jobs are never cleared is not kept where another is better for now", () => {
  const wait = policy("wait", 100, { drains: false, seen: meanEstimate([900, 1100]) });
  const hotfix = policy("hotfix", 5, { isSound: false, seen: meanEstimate([5, 5]) }, "runs-out");
  const reasonsOf = (policies: Parameters<typeof part>[1]) =>
    adviceWords(advice([part("", policies, 0)]), "EUR").reasons;
  const better =
    /^Wait is only the cheapest policy of which a year is known\. In the 28 days simulated, hotfix costs less, and no jobs stay stuck: choose it for now, /;
  assert.match(reasonsOf([wait, hotfix])[0]!, better);
  const { verdict } = adviceWords(advice([part("", [wait, hotfix], 0)]), "EUR");
  assert.match(verdict, /, no policy can be recommended yet\.$/);
  const isSaid = reasonsOf([wait, { ...hotfix, drains: false }]).some((text) => better.test(text));
  assert.equal(isSaid, false);
});
