/** lab/reports/advice-verdict.ts: the verdict in a sentence, and its qualifications. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { adviceWords } from "../../../lab/reports/advice-words.ts";
import { dayOfText } from "../../../lab/calendar.ts";
import { meanEstimate, withoutInterval } from "../../../statistics/estimate.ts";
import type { PartAdvice } from "../../../lab/studies/advice.ts";
import { advice, part, policy, interval } from "../../cases/made-up-advice.ts";

test("the verdict gives the action, its cost and its saving", () => {
  const { verdict, changes } = adviceWords(advice([part("", [policy("wait", 100), policy("weekly", 10)], 1)]), "GBP");
  assert.equal(
    verdict,
    "For mine, choose weekly. It costs GBP 10 (0 .. 22.7) a year for 3 servers, GBP 90 ± 12.7 less than wait, the present policy.",
  );
  assert.deepEqual(changes, ["If an hour of staff costs more than GBP 90.0 (staffHour), wait would cost least."]);
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
  assert.match(costs.rows[0]![3]!, /the queue may keep growing/);
  assert.match(of(1e9).verdict, /costs more than EUR 100,000,000\.$/, "the bound is all that the simulated days cost");
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
  const restarts = { ...interval(500, 400, 600), outlook, isNoticed: false };
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

test("in several worlds, what runs out first is told for the middle and the earliest of them", () => {
  const of = (...days: number[]) => {
    const sound = policy("wait", 10);
    const worlds = days.map((day) => {
      const { outlook } = sound.fates[0]!;
      const leaks = day < Infinity;
      return {
        ...outlook!,
        days: day,
        perDay: leaks ? 235 / day : 0,
        between: { lower: leaks ? day - 5 : 9000, upper: day },
      };
    });
    const middle = worlds[Math.floor((worlds.length - 1) / 2)]!;
    const between = { lower: Math.min(...worlds.map((one) => one.between.lower)), upper: days.at(-1)! };
    const fates = sound.fates.map((fate) => ({ ...fate, outlook: { ...middle, between, worlds } }));
    const { reasons, costs } = adviceWords(advice([part("", [{ ...sound, fates }, policy("weekly", 100)], 0)]), "EUR");
    const [text] = reasons.filter((reason) => reason.startsWith("Under the present policy"));
    return [text, costs.rows[0]!.at(-1), reasons.find((reason) => /ecide again|last until/.test(reason))!];
  };
  const [near, , again] = of(22, 60, 8780);
  assert.equal(
    near,
    "Under the present policy, without a restart, the first resource to run out is printer DCs (limit 250): at 3.92 a day, on about " +
      "day 60 in the middle one of 3 worlds, and on about day 22 in the earliest (95 % of servers in all worlds: day 17 to 8,780).",
  );
  assert.match(again!, /^Decide again before day 1\d/, "no server of the worst world runs out before");
  const [seldom, cell, sure] = of(22, Infinity, Infinity);
  assert.equal(
    seldom,
    "Under the present policy, without a restart, printer DCs (limit 250) run out first, but only in 1 world of 3: in the earliest on about " +
      "day 22 (95 % of servers in all worlds: day 17 or later).",
  );
  assert.equal(cell, "printer DCs, in some worlds (17 .. never)");
  assert.match(sure!, /^Decide again before day 1\d/, "some worlds leak");
});

test("only a policy that may cost less is said to, and one that costs as much is named", () => {
  const free = { cost: meanEstimate([0, 0]), above: { value: 0, lower: 0, upper: 0, isCandidate: false } };
  const more = { above: { value: 9, lower: 0, upper: 20, isCandidate: false } };
  const of = (...policies: ReturnType<typeof policy>[]) =>
    adviceWords(advice([part("", [policy("wait", 0, free), ...policies], 0)]), "EUR").reasons.join(" ");
  const dear = policy("weekly", 9, more);
  assert.match(
    of(policy("complaint", 0, free), dear),
    /With 95 % confidence, complaint costs as much, and every other policy that can be recommended costs more\./,
  );
  assert.match(of(dear), /With 95 % confidence, every other policy that can be recommended costs more\./);
  const even = adviceWords(advice([part("", [policy("wait", 50), policy("never", 50)], 0)]), "EUR");
  assert.match(even.reasons.join(" "), /With 95 % confidence, never costs as much\./);
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
  // Most of the 365 of the present policy is paid once, and not 1 a day: 40 is reached in the first days, not on
  // day 40.
  const fix = policy("key-sp6", 40, { seen: meanEstimate([40, 40]) }, "fixed");
  const present = policy("hotfix-sp6", 365, { seen: meanEstimate([365, 365]) }, "fixed");
  const fates = present.fates.map((fate) => ({ ...fate, changedDays: 12, harmed: 2 }));
  const { reasons } = adviceWords(advice([part("", [{ ...present, fates }, fix], 1)]), "EUR");
  assert.doesNotMatch(reasons.join(" "), /pays for itself/);
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

test("policies of whose year the model does not tell all share a sentence", () => {
  const recorded = { name: "level", label: "handles" };
  const unknown = (name: string) => {
    const one = policy(name, 0, { isSound: false }, "unseen");
    return { ...one, fates: one.fates.map((fate) => ({ ...fate, unseen: "consequences" as const, recorded })) };
  };
  const { reasons, costs } = adviceWords(
    advice([part("", [unknown("wait"), unknown("weekly"), policy("hotfix", 10)], 2)]),
    "EUR",
  );
  const sentence =
    "What a year of wait or weekly costs is not known: handles may run out, and the model tells when, but not what that does to users.";
  assert.ok(reasons.includes(sentence), reasons.join("\n"));
  assert.match(costs.rows[0]!.at(-1)!, /day/, "the day on which it runs out, and not: too few days simulated");
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
    {
      ...unseen,
      name: "hourly",
      fates: fates.map((fate) => ({ ...fate, unseen: "in-turn" as const, daysNeeded: 237 })),
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
      "The 28 days simulated contain no whole restart interval of monthly or late (one before the first restart or after a " +
        "change does not count if it is shorter than others), so the cost of a year is not known. Simulate at least 31 days (horizonDays: 31).",
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
      "The fleet has more servers than were simulated, hourly changes them one after another, and something may run " +
        "out before the last is changed, so the cost of a year is not known. Simulate all servers of the fleet, for at least 237 days " +
        "(horizonDays: 237).",
    ),
  );
  assert.match(ofOneDay, /The 1 day simulated is less than a week, .* like it\. .*Simulate at least 7 days/);
  assert.ok(!reasons.some((text) => text.includes("less than a week, ")));
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

test("a restart interval that is compared with the policies is one of them, in each sentence", () => {
  const restarts = interval(30, 20, 40);
  const name = "a restart every 65 h";
  const own = { ...restarts, chosen: { ...restarts.chosen, policy: name } };
  const of = (more: Partial<PartAdvice>, best = 2) => {
    const policies = [policy("wait", 1000), policy("hotfix", 100), policy(name, 30)];
    return adviceWords(advice([{ ...part("", policies, best), restarts: own, ...more }]), "EUR");
  };
  const { verdict, reasons, costs, changes, byPart } = of({});
  assert.match(
    verdict,
    /^For mine, choose a restart every 65 h\. It costs EUR 30 ± 12\.7 a year for 3 servers, EUR 90 /,
  );
  assert.ok(reasons.includes("With 95 % confidence, every other policy that can be recommended costs more."));
  assert.equal(costs.rows[2]![0], "a restart every 65 h *");
  assert.match(changes.join(" "), /costs more than EUR 90\.0 \(staffHour\), wait would cost least\./);
  const how =
    "chosen by the formula; up to this interval, it is within 25 % of each simulated cost, or within that cost's confidence interval";
  assert.equal(byPart[0]!.restart, `If you must wait, restart every 65 h (${how}); the verdict gives its cost.`);
  assert.match(of({}, 1).byPart[0]!.restart, /^If you must wait, restart every 65 h \(.*\); the table of costs gives/);
  const unseen = of({ restarts: { ...own, isNoticed: false } });
  assert.match(unseen.byPart[0]!.restart, /^No server .* is early enough .*\. If you must wait, restart every 65 h /);
  const late = policy(name, 30000, {}, "restarted");
  const fates = late.fates.map((fate) => ({ ...fate, ranOut: "some" as const }));
  const policies = [policy("wait", 1000), policy("hotfix", 100), { ...late, fates }];
  const refuted = of({ ...part("", policies, 1), restarts: { ...own, isNoticed: false } });
  assert.equal(
    refuted.byPart[0]!.restart,
    `No server showed a symptom in the simulated days. If you must wait, restart every 65 h (${how}); the table of costs gives its cost. ` +
      "But with this interval, some simulated servers ran out of a resource.",
  );
});

test("a restart interval that may cost less than every policy is named beside the verdict, and another is not", () => {
  const of = (restarts: PartAdvice["restarts"]) =>
    adviceWords(advice([{ ...part("", [policy("wait", 1000), policy("hotfix", 100)], 1), restarts }]), "EUR");
  const even = interval(90, 85, 160);
  const unclear = of(even);
  assert.match(unclear.verdict, /^For mine, choose hotfix\./);
  assert.ok(unclear.reasons.includes("According to the simulation, this may cost less: a restart every 65 h."));
  assert.match(
    unclear.byPart[0]!.restart,
    /On fresh replications, this costs EUR 90 ± 70 a year\. Whether that is more or less than hotfix costs is not known\.$/,
  );
  const costly = interval(200, 150, 250);
  assert.match(of({ ...even, isNoticed: false }).reasons.join(" "), /this may cost less: a restart every 65 h\./);
  assert.doesNotMatch(of({ ...costly, isNoticed: false }).byPart[0]!.restart, /restart every/);
  assert.match(of(costly).byPart[0]!.restart, /, this costs EUR 200 ± 50 a year\.$/);
  const rare = of(interval(30, NaN, NaN, "simulation"));
  assert.match(rare.verdict, /^For mine, choose hotfix\./, "without an interval nothing is certain");
  assert.match(rare.byPart[0]!.restart, /EUR 30 ‡ a year \(few or none of the servers ran out of a resource/);
  const longest = of({ ...costly, chosen: { ...costly.chosen, isLongest: true } });
  assert.match(longest.byPart[0]!.restart, /a year\. No longer interval fits into the simulated days\.$/);
  const { chosen: _, ...none } = costly;
  const row = { hours: 6, cost: meanEstimate([9, 9]), formula: NaN, drains: false };
  assert.match(of({ ...none, chosen: undefined }).byPart[0]!.restart, /is longer than the simulated days\.$/);
  assert.match(
    of({ ...none, chosen: undefined, rows: [row] }).byPart[0]!.restart,
    /^No restart interval can be recommended: with each one simulated, the queue may keep growing\.$/,
  );
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
  const of = (judged: object, isRare = false) => {
    const one = part("", [policy("wait", 100), policy("weekly", 10, { isRare })], 1);
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
  assert.match(of({ saved: none }, true).reasons.join(" "), /with weekly\. .* no interval of what weekly saves is/);
  const same = of({ cost: meanEstimate([35.9, 35.9]) });
  assert.match(same.verdict, /It costs EUR 35\.9 a year/);
  assert.ok(same.reasons.includes("In every fresh replication, weekly costs the same, so its cost has no ±."));
  const free = of({ cost: meanEstimate([0, 0]) });
  for (const { reasons } of [of({}), free]) assert.doesNotMatch(reasons.join(" "), /every fresh replication,/);
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
