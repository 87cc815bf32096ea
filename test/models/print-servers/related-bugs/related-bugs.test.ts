/**
 * The related bugs, each against its article: what sets it off, what it takes, what gives that back, and what the fix
 * changes. And all together: every leak is attributed to its bug, and they add up to the gauges.
 *
 * Statistical bounds are of 99.9 % confidence, and seeds are fixed.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Settings } from "../../../../models/contract/parameters.ts";
import type { PatchOrder } from "../../../../models/print-servers/patching/patch-orders.ts";
import { printServers } from "../../../../models/print-servers/model.ts";
import { Reference } from "../../../../models/print-servers/reference/reference.ts";
import { responses, type ResponseName } from "../../../../models/print-servers/responses.ts";
import { RelatedBugs } from "../../../../models/print-servers/related-bugs/related-bugs.ts";
import { Digest } from "../../../../sim/digest.ts";
import { Simulation } from "../../../../sim/simulation.ts";
import { openStreams } from "../../../../sim/streams.ts";
import { valuesOf } from "../lockstep.ts";

const SECOND = 1e6;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;
const MiB = 1024 * 1024;

/** The 99.95 % quantile of the normal distribution: both sides together leave 0.1 %. */
const Z = 3.2905;

type Row = Record<ResponseName, number>;

/** One server; `at` gives its responses after all events before a time, and checks its ledger. */
function serverOf(settings: Settings) {
  const slice = { first: 7, count: 1 };
  const instance = printServers.create(valuesOf(printServers, settings), slice, openStreams("related", 0, slice));
  const simulation = new Simulation(instance, new Digest(7, 1));
  const at = (until: number): Row => {
    simulation.run(until);
    instance.observe(until);
    instance.check();
    return Object.fromEntries(responses.map(({ name }, i) => [name, instance.columns[i][0]])) as Row;
  };
  return { at, digest: () => simulation.digest.of(0) };
}

/** Nobody alters anything, nothing is scarce, and all jobs are RAW and of 100,000 bytes. */
const calm: Settings = {
  profile: "flat",
  jobsPerDay: 2000,
  textShare: 0,
  emfShare: 0,
  pagesLaw: "fixed",
  pagesMean: 1,
  rawBytesPerPage: 1e5,
  deleteShare: 0,
  pauseDeleteShare: 0,
  restartShare: 0,
  pauseResumeShare: 0,
  spooler: "fixed",
  nonpagedPoolBytesMax: 1e12,
  pagedPoolBytesMax: 1e12,
  ramBytes: 1e12,
  handlesMax: 1e9,
};

/** Restarts take next to no time. */
const quick: Settings = { stopMs: 0, startMs: 0, startMsPerFile: 0, restartPauseMs: 0, startGapMs: 0, rebootMs: 0 };

/** What each bug leaks, by article. */
const leaksOf: Readonly<Record<string, readonly ResponseName[]>> = {
  Q224345: ["leakedHandlesByRemoteCloses", "leakedPrivateBytesByRemoteCloses"],
  Q223791: ["leakedPrivateBytesByLpr"],
  Q226513: ["leakedNonpagedPoolBytesByPipedJobs"],
  Q283102: ["leakedPagedPoolBytesByPopUps"],
  Q182333: ["leakedHandlesByClients"],
  Q247408: [],
};

const articles = Object.keys(leaksOf);
const all = Object.fromEntries(articles.map((article) => [article, "present"]));

function assertNear(share: number, chance: number, n: number): void {
  const bound = Z * Math.sqrt((chance * (1 - chance)) / n);
  assert.ok(Math.abs(share - chance) <= bound, `${share}, expected ${chance} +- ${bound}`);
}

// Together and apart.

test("a fleet without related bugs has zeros in their responses", () => {
  const row = serverOf({ site: "office" }).at(DAY);
  for (const name of Object.values(leaksOf).flat()) assert.equal(row[name], 0, name);
  for (const name of ["remoteCloses", "lprDisconnections", "jobsPiped", "popUpsLost", "raceHangs"] as const) {
    assert.equal(row[name], 0, name);
  }
  for (const name of ["handlesCeilingUs", "nonpagedCeilingUs", "raceHangUs"] as const) assert.equal(row[name], NaN);
});

for (const article of articles) {
  test(`${article} leaks only its own resources, and the same amount alone as among all others`, () => {
    const alone = serverOf({ ...calm, [article]: "present" }).at(DAY);
    const among = serverOf({ ...calm, ...all }).at(DAY);
    for (const [other, names] of Object.entries(leaksOf)) {
      for (const name of names) assert.equal(alone[name] > 0, other === article, name);
    }
    for (const name of leaksOf[article]) assert.equal(among[name], alone[name], name);
  });
}

test("the leaks by cause add up to the gauges, with the jobs and the print processors", () => {
  const settings = { ...calm, ...all, site: "help-desk", deleteShare: 0.2, textShare: 0.3, spooler: "buggy" };
  const values = valuesOf(printServers, settings);
  const server = serverOf(settings);
  for (let hour = 1; hour <= 24; hour++) {
    const row = server.at(hour * HOUR);
    const instances = row.processorsLive + row.processorsOrphaned;
    const dcs = row.printerDcs - values.dcsBase;
    assert.deepEqual(
      [row.privateBytes, row.handles, row.pagedPoolBytes, row.nonpagedPoolBytes],
      [
        values.privateBytesBase +
          40 * values.privateBytesPerPrinter +
          values.heapBytesPerJob * row.jobsExisting +
          values.heapBytesPerInstance * instances +
          row.leakedPrivateBytesByRemoteCloses +
          row.leakedPrivateBytesByLpr,
        values.handlesBase + instances + row.leakedHandlesByRemoteCloses + row.leakedHandlesByClients,
        values.pagedPoolBytesBase + values.poolBytesPerGdiInstance * dcs + row.leakedPagedPoolBytesByPopUps,
        values.nonpagedPoolBytesBase + row.leakedNonpagedPoolBytesByPipedJobs,
      ],
    );
  }
  const row = server.at(DAY);
  assert.ok(
    row.processorsOrphaned > 20 &&
      Object.values(leaksOf)
        .flat()
        .every((name) => row[name] > 0),
  );
});

for (const article of ["Q224345", "Q223791", "Q226513"]) {
  test(`${article} fixed is triggered as often and leaks nothing, with the same events`, () => {
    const [bug, fix] = ["present", "fixed"].map((state) => {
      const server = serverOf({ ...calm, [article]: state });
      return { row: server.at(DAY), digest: server.digest() };
    });
    assert.equal(fix.digest, bug.digest);
    for (const name of ["remoteClosesFailed", "lprDisconnections", "lprRetries", "jobsPiped"] as const) {
      assert.equal(fix.row[name], bug.row[name], name);
    }
    assert.ok(leaksOf[article].every((name) => fix.row[name] === 0 && bug.row[name] > 0));
  });
}

/** Which visit mends each bug; Q182333's files are the clients', and for the others NT 4.0 never had any. */
const mendedBy: Readonly<Record<string, readonly string[]>> = {
  Q224345: ["hotfix", "sp6"],
  Q223791: ["hotfix", "sp6"],
  Q226513: ["sp6"],
  Q283102: [],
  Q182333: [],
  Q247408: [],
};

for (const article of articles) {
  const [visits, menders] = [mendedBy[article], mendedBy[article].join(" and ") || "no visit"];
  test(`${article} is fixed by ${menders}: a server leaks until then, and afterwards holds and leaks nothing`, () => {
    for (const patchOrder of ["hotfix", "sp5", "sp6"]) {
      const visit = { patchOrder, patchAtDays: 1, hotfixMinutes: 1, servicePackMinutes: 1 };
      const settings = { ...calm, ...quick, lprOutagesPerDay: 50, ...visit, [article]: "present" };
      const server = serverOf(settings);
      const [before, after, later] = [DAY, DAY + HOUR, 3 * DAY].map(server.at);
      assert.equal(after.visitsMade, 1);
      const isMended = visits.includes(patchOrder);
      for (const name of leaksOf[article]) {
        assert.ok(before[name] > 0, name);
        assert.equal(later[name] > before[name], !isMended, `${name}, ${patchOrder}`);
      }
      // The trigger still happens.
      for (const name of ["remoteClosesFailed", "lprDisconnections", "jobsPiped", "popUpsLost"] as const) {
        assert.equal(later[name] > after[name], before[name] > 0, name);
      }
      if (!isMended) continue;
      const values = valuesOf(printServers, settings);
      const instances = later.processorsLive;
      assert.deepEqual(
        [later.handles, later.nonpagedPoolBytes, later.privateBytes],
        [
          values.handlesBase + instances,
          values.nonpagedPoolBytesBase,
          values.privateBytesBase +
            40 * values.privateBytesPerPrinter +
            values.heapBytesPerJob * later.jobsExisting +
            values.heapBytesPerInstance * instances,
        ],
      );
    }
  });
}

test("the roll-up and SP6 have the effect of the setting fixed: the same jobs, closes, outages and leaks", () => {
  const causes = ["remoteClosesFailed", "lprRetries", "jobsPiped", "jobsPrinted"] as const;
  const names = [...Object.values(leaksOf).flat(), ...causes];
  const of = (settings: Settings) => {
    const row = serverOf({ ...calm, ...all, Q247408: "absent", ...settings }).at(DAY);
    return names.map((name) => row[name]);
  };
  const three = { Q224345: "fixed", Q223791: "fixed" };
  assert.deepEqual(of({ hotfixed: true }), of(three));
  assert.deepEqual(of({ servicePack: "6" }), of({ ...three, Q226513: "fixed" }));
  assert.notDeepEqual(of({}), of(three));
});

test("in a mixed fleet each server leaks by its own patches: servers with SP6 only what SP6 does not fix", () => {
  const slice = { first: 0, count: 40 };
  const settings = { ...calm, ...all, Q247408: "absent", lprOutagesPerDay: 50, sp6Share: 0.5 };
  const instance = printServers.create(valuesOf(printServers, settings), slice, openStreams("mixed", 0, slice));
  new Simulation(instance, new Digest(0, slice.count)).run(DAY / 2);
  instance.observe(DAY / 2);
  const column = (name: ResponseName) => instance.columns[responses.findIndex((response) => response.name === name)];
  const fixed = column("fixedNow");
  assert.ok(fixed.some((it) => it === 1) && fixed.some((it) => it === 0));
  for (let server = 0; server < slice.count; server++) {
    for (const article of articles) {
      const isMended = fixed[server] === 1 && mendedBy[article].includes("sp6");
      for (const name of leaksOf[article]) assert.equal(column(name)[server] > 0, !isMended, `${name} of ${server}`);
    }
  }
});

test("rolling back brings back the bugs that the roll-out had fixed", () => {
  const patchOrder: PatchOrder = {
    name: "there and back",
    meaning: "the hotfix, and its removal",
    visits: [
      ["installHotfix", "reboot"],
      ["removeHotfix", "reboot"],
    ],
  };
  const settings = { ...calm, ...quick, Q224345: "present", patchAtDays: 1, patchGapDays: 1, restoreMinutes: 1 };
  const slice = { first: 7, count: 1 };
  const values = { ...valuesOf(printServers, settings), patchOrder };
  const instance = printServers.create(values, slice, openStreams("related", 0, slice));
  const simulation = new Simulation(instance, new Digest(7, 1));
  const leaked = [DAY + HOUR, 2 * DAY, 3 * DAY].map((until) => {
    simulation.run(until);
    instance.observe(until);
    return instance.columns[responses.findIndex(({ name }) => name === "leakedHandlesByRemoteCloses")][0];
  });
  assert.ok(leaked[0] > 0 && leaked[1] === leaked[0] && leaked[2] > leaked[1], leaked.join(" "));
});

test("a service restart frees what the process holds; what the kernel holds needs a reboot", () => {
  for (const restartKind of ["service", "reboot", "failover"]) {
    const calendar = { restartEveryHours: 12, restartKind };
    const settings = { ...calm, ...quick, ...all, ...calendar, Q247408: "absent", lprOutagesPerDay: 50 };
    const values = valuesOf(printServers, settings);
    const server = serverOf(settings);
    const before = server.at(12 * HOUR);
    // The instant at which the process has ended and nothing has happened since.
    const after = server.at(12 * HOUR + 2);
    assert.deepEqual([after.processorsLive, after.handles], [0, values.handlesBase]);
    assert.equal(
      after.privateBytes,
      before.privateBytes -
        before.leakedPrivateBytesByRemoteCloses -
        before.leakedPrivateBytesByLpr -
        values.heapBytesPerInstance * before.processorsLive,
    );
    const survives = restartKind === "service" ? 1 : 0;
    assert.equal(after.pagedPoolBytes, values.pagedPoolBytesBase + survives * before.leakedPagedPoolBytesByPopUps);
    assert.equal(
      after.nonpagedPoolBytes,
      values.nonpagedPoolBytesBase + survives * before.leakedNonpagedPoolBytesByPipedJobs,
    );
    for (const name of Object.values(leaksOf).flat()) assert.ok(after[name] >= before[name] && before[name] > 0, name);
  }
});

test("an unbalanced ledger is reported with its parts", () => {
  const slice = { first: 0, count: 1 };
  const values = valuesOf(printServers, all);
  const relatedBugs = new RelatedBugs(values, 1, openStreams("ledger", 0, slice));
  relatedBugs.check(0, "at server 0");
  relatedBugs.handles[0]++;
  assert.throws(
    () => relatedBugs.check(0, "at server 0"),
    /related bugs hold 1 handles, and not 0 \+ 0 \+ .* at server 0/,
  );
});

// Each against its article.

test("Q224345: a failed close of a remote printer leaks three handles: 3 p per remote close", () => {
  const row = serverOf({ ...calm, Q224345: "present", remoteShare: 0.5, remoteCloseFailShare: 0.2 }).at(4 * DAY);
  assert.equal(row.leakedHandlesByRemoteCloses, 3 * row.remoteClosesFailed);
  assert.equal(row.leakedPrivateBytesByRemoteCloses, 4096 * row.remoteClosesFailed);
  assertNear(row.remoteCloses / row.jobsPrinted, 0.5, row.jobsPrinted);
  assertNear(row.leakedHandlesByRemoteCloses / 3 / row.remoteCloses, 0.2, row.remoteCloses);
});

for (const secondsMean of [2, 15, 120]) {
  test(`Q223791: an outage of ${secondsMean} s on average leaks at Event 2004 and every four seconds until it ends`, () => {
    const outages = { lprOutagesPerDay: 500, lprOutageSecondsMean: secondsMean, lprLeakBytes: 10 };
    const row = serverOf({ ...calm, jobsPerDay: 1, Q223791: "present", ...outages }).at(20 * DAY);
    const n = row.lprDisconnections;
    assert.equal(row.leakedPrivateBytesByLpr, 10 * (n + row.lprRetries));
    const theory = 1 / (1 - Math.exp(-4 / secondsMean));
    const leaksPerOutage = (n + row.lprRetries) / n;
    // Retries are geometric: variance = mean (mean + 1).
    const bound = Z * Math.sqrt(((theory - 1) * theory) / n);
    assert.ok(Math.abs(leaksPerOutage - theory) <= bound, `${leaksPerOutage}, theory ${theory} +- ${bound}`);
  });
}

test("Q223791: retries come every four seconds and stop when the process ends", () => {
  const settings = {
    ...calm,
    ...quick,
    jobsPerDay: 0.001,
    Q223791: "present",
    lprOutagesPerDay: 20,
    lprOutageSecondsMean: 1200,
    restartEveryHours: 3,
    stopMs: 5000,
  };
  const reference = new Reference(valuesOf(printServers, settings), "related", 7, 0);
  const counts = { inVain: 0, again: 0 };
  /** When a retry may come. */
  const awaited = new Set<number>();
  reference.run(2 * DAY, ({ time, kind, event, stale }) => {
    if (kind === "RETRY") {
      assert.ok(awaited.delete(time), "four seconds after another, or after Event 2004");
      if (stale) counts.inVain++;
      else counts.again++;
    }
    if (event === "EVENT_2004" || (event === "RETRY" && !stale)) awaited.add(time + 4 * SECOND);
  });
  assert.ok(counts.again > 1000 && counts.inVain > 0, JSON.stringify(counts));
});

test("Q226513: a job through a named pipe leaks its share of nonpaged pool, rounded up to a byte", () => {
  const row = serverOf({ ...calm, Q226513: "present", pipedShare: 0.25, pipedPoolShare: 0.000_012 }).at(2 * DAY);
  // 1.2 bytes of 100,000.
  assert.equal(row.leakedNonpagedPoolBytesByPipedJobs, 2 * row.jobsPiped);
  assertNear(row.jobsPiped / row.jobsSubmitted, 0.25, row.jobsSubmitted);
});

test("Q226513: without nonpaged pool the server is disabled (Event 2019); a reboot helps, a restart does not", () => {
  const room = { pipedShare: 1, pipedPoolShare: 0.1, nonpagedPoolBytesMax: 6 * MiB + 1e6 };
  const at = (settings: Settings) => serverOf({ ...calm, ...quick, Q226513: "present", ...room, ...settings }).at(DAY);
  const row = at({});
  // 10,000 bytes a job: a hundred jobs fit.
  assert.deepEqual([row.jobsSubmitted - row.jobsRefused, row.nonpagedPoolBytes], [100, 6 * MiB + 1e6]);
  assert.equal(row.nonpagedCeilingUs, row.firstSymptomUs);
  assert.ok(row.nonpagedCeilingUs > 0 && row.downtimeUs === 0);
  const restarted = at({ restartEveryHours: 6 });
  assert.equal(restarted.jobsSubmitted - restarted.jobsRefused, 100);
  const rebooted = at({ restartEveryHours: 6, restartKind: "reboot" });
  assert.equal(rebooted.jobsSubmitted - rebooted.jobsRefused, 400);
});

test("Q283102: a pop-up to a user who is not logged on leaks paged pool, unless NetPopUp is 0", () => {
  const popUps = { ...calm, Q283102: "present", popUpLostShare: 0.3 };
  const row = serverOf(popUps).at(2 * DAY);
  assert.equal(row.leakedPagedPoolBytesByPopUps, 2048 * row.popUpsLost);
  assertNear(row.popUpsLost / row.jobsPrinted, 0.3, row.jobsPrinted);
  const silent = serverOf({ ...popUps, netPopUp: false }).at(2 * DAY);
  assert.deepEqual([silent.leakedPagedPoolBytesByPopUps, silent.popUpsLost], [0, 0]);
});

test("Q283102: a service account with 10,000 jobs a day fills 192 MiB in a week or more", () => {
  const account = { ...calm, Q283102: "present", popUpLostShare: 1, jobsPerDay: 10_000, pagedPoolBytesMax: 192 * MiB };
  const { poolCeilingUs } = serverOf({ ...account, recoveryMinutes: 0 }).at(12 * DAY);
  assert.ok(poolCeilingUs > 7 * DAY && poolCeilingUs < 12 * DAY, `${poolCeilingUs / DAY} days`);
});

test("Q283102: without paged pool, each pop-up hangs the service until a reboot, and TEXT starves", () => {
  const full = { popUpLostShare: 1, pagedPoolBytesMax: 20 * MiB + 100 * 2048 + 1000 };
  const settings = { ...calm, ...quick, Q283102: "present", ...full, recoveryMinutes: 1 };
  const row = serverOf(settings).at(DAY);
  assert.equal(row.poolCeilingUs, row.firstSymptomUs);
  assert.equal(row.leakedPagedPoolBytesByPopUps, 100 * 2048);
  const hangs = row.popUpsLost - 100;
  assert.ok(hangs > 200 && [hangs, hangs - 1].includes(row.serviceStarts), `${hangs} hangs`);
  const rebooted = serverOf({ ...settings, restartKind: "reboot" }).at(DAY);
  assert.ok(rebooted.serviceStarts < 20 && rebooted.leakedPagedPoolBytesByPopUps > 1500 * 2048);
  // One job at a time, the DC of a TEXT job, which needs 32 kB of that pool, is refused before a pop-up of 2 kB.
  const text = serverOf({ ...settings, printers: 1, textShare: 0.5, recoveryMinutes: 0 }).at(DAY);
  assert.ok(text.jobsStarved > 0 && text.firstStarvedUs === text.poolCeilingUs);
});

test("Q182333: pipes without a timeout fill up to clients x share x pipes, and a restart closes them", () => {
  const clients = { clients: 50, unpatchedShare: 0.6, pipesPerClientMax: 4 };
  const row = serverOf({ ...calm, Q182333: "present", ...clients }).at(3 * DAY);
  assert.deepEqual([row.leakedHandlesByClients, row.handles - row.processorsLive - 150], [120, 120]);
  const restarted = serverOf({ ...calm, ...quick, Q182333: "present", ...clients, restartEveryHours: 24 }).at(3 * DAY);
  // Two restarts before the horizon: three processes, each of which fills up.
  assert.deepEqual([restarted.leakedHandlesByClients, restarted.handles - restarted.processorsLive - 150], [360, 120]);
  const patched = serverOf({ ...calm, Q182333: "present", ...clients, unpatchedShare: 0 }).at(3 * DAY);
  assert.equal(patched.leakedHandlesByClients, 0);
});

test("Q182333: with C clients that keep one pipe each, n jobs leave U (1 - (1 - 1/C)^n) pipes open", () => {
  const [clients, unpatched, servers] = [200, 100, 40];
  const settings = { ...calm, Q182333: "present", jobsPerDay: 240, clients, unpatchedShare: 0.5, pipesPerClientMax: 1 };
  const slice = { first: 0, count: servers };
  const instance = printServers.create(valuesOf(printServers, settings), slice, openStreams("pipes", 0, slice));
  const column = (name: ResponseName) => instance.columns[responses.findIndex((response) => response.name === name)];
  const simulation = new Simulation(instance, new Digest(0, servers));
  simulation.run(DAY);
  instance.observe(DAY);
  let [difference, variance] = [0, 0];
  for (let server = 0; server < servers; server++) {
    const empty = (1 - 1 / clients) ** column("jobsSubmitted")[server];
    difference += column("leakedHandlesByClients")[server] - unpatched * (1 - empty);
    // Of an occupancy, no more than if the clients were independent.
    variance += unpatched * empty * (1 - empty);
  }
  assert.ok(Math.abs(difference) <= Z * Math.sqrt(variance), `${difference} of ${servers} servers`);
});

test("Q182333: beyond 15,000 handles, including those of other bugs, RPC Server Too Busy is reported", () => {
  const clients = { clients: 500, pipesPerClientMax: 60, handlesMax: 15_000 };
  const busy = { ...calm, Q182333: "present", jobsPerDay: 4000, ...clients };
  const alone = serverOf(busy).at(5 * DAY);
  assert.ok(alone.handlesCeilingUs > 3 * DAY && alone.handlesCeilingUs === alone.firstSymptomUs);
  const closes = { Q224345: "present", remoteShare: 1, remoteCloseFailShare: 1 };
  const together = serverOf({ ...busy, ...closes }).at(5 * DAY);
  assert.ok(together.handlesCeilingUs < 1.5 * DAY, "four handles a job instead of one");
});

/** Jobs that are paused while they wait, and resumed long after: calls at nearly Poisson times. */
const paused: Settings = {
  ...calm,
  ...quick,
  jobsPerDay: 5000,
  waitingPauseResumeShare: 1,
  thinkSecondsMean: 6000,
  waitingSecondsMax: 600,
  recoveryMinutes: 0.0001,
  Q247408: "present",
};

test("Q247408: pause and resume calls at rate r race within a window w at a rate near r (1 - e^(-r w))", () => {
  const windowMs = 500;
  const row = serverOf({ ...paused, raceWindowMs: windowMs }).at(4 * DAY);
  const calls = row.alterations;
  const near = 1 - Math.exp((-calls / (4 * DAY)) * windowMs * 1000);
  // A call after a hang meets a new process, which has heard no other: exactly near / (1 + near) of the calls hang.
  assertNear(row.raceHangs / calls, near / (1 + near), calls);
  assert.ok(row.raceHangs > 1000 && row.serviceStarts >= row.raceHangs - 1);
});

test("Q247408: the fixed spooler hangs like the buggy one", () => {
  const settings = {
    ...paused,
    site: "hold-and-release",
    pauseResumeShare: 0.9,
    waitingPauseResumeShare: 0.1,
    raceWindowMs: 20,
    controlMsMedian: 300,
  };
  const [buggy, fixed] = ["buggy", "fixed"].map((spooler) => {
    const server = serverOf({ ...settings, spooler });
    return { row: server.at(2 * DAY), digest: server.digest() };
  });
  assert.ok(buggy.row.processorsLeaked > 10 && fixed.row.processorsLeaked === 0, "one of them leaks");
  assert.ok(fixed.row.raceHangs > 3, `${fixed.row.raceHangs} hangs`);
  assert.deepEqual(
    [buggy.row.raceHangs, buggy.row.raceHangUs, buggy.digest],
    [fixed.row.raceHangs, fixed.row.raceHangUs, fixed.digest],
  );
  assert.equal(fixed.row.raceHangUs, fixed.row.firstSymptomUs);
});

test("Q247408: deletes, restarts, and calls further apart than the window do not race", () => {
  const quiet = { ...paused, waitingPauseResumeShare: 0, raceWindowMs: 60_000 };
  assert.equal(serverOf({ ...quiet, deleteShare: 0.5, restartShare: 0.5 }).at(DAY).raceHangs, 0);
  assert.equal(serverOf({ ...paused, raceWindowMs: 0.001 }).at(DAY).raceHangs, 0);
});
