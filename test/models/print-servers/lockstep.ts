/**
 * Kernel and reference in lockstep: one server, event by event, every response after every event.
 *
 * A scenario that makes them differ is reported as the first differing event, what the reference says that the event
 * changed, and the line that replays it.
 */
import { numbersOf } from "../../../lab/experiment/settings.ts";
import assert from "node:assert/strict";
import fc from "fast-check";
import { Digest } from "../../../sim/digest.ts";
import type { EventList } from "../../../sim/event-list.ts";
import { Simulation } from "../../../sim/simulation.ts";
import { openStreams } from "../../../sim/streams.ts";
import type { Parameters, Setting, Settings, Values } from "../../../models/contract/parameters.ts";
import type { Model } from "../../../models/model.ts";
import { kinds } from "../../../models/print-servers/event-kinds.ts";
import { patchOrders } from "../../../models/print-servers/patching/patch-orders.ts";
import { parameters, type PrintServersValues } from "../../../models/print-servers/parameters/parameters.ts";
import { printServers } from "../../../models/print-servers/model.ts";
import type { HandledEvent } from "../../../models/print-servers/reference/events.ts";
import { Reference } from "../../../models/print-servers/reference/reference.ts";
import { responses } from "../../../models/print-servers/responses.ts";

export interface SmallScenario {
  readonly seed: string;
  readonly server: number;
  readonly replication: number;
  readonly minutes: number;
  readonly settings: Settings;
}

/** What may be planted to see the comparison fail. */
export interface Planted {
  readonly events?: EventList;
  /** What the reference is given, when it is not what the kernel is given. */
  readonly reference?: Partial<PrintServersValues>;
  readonly kernel?: Partial<PrintServersValues>;
}

/** The values a model is created with, from settings whose parts are catalogue names. */
export function valuesOf<P extends Parameters>(model: Model<P>, settings: Settings): Values<P> {
  const given = { ...model.presets?.(settings), ...settings };
  const entries = Object.entries(model.parameters).map(([name, parameter]) => {
    const setting: Setting = given[name] ?? parameter.default;
    if (parameter.kind === "list") return [name, numbersOf(String(setting))];
    return [name, parameter.kind === "part" ? parameter.catalogue[String(setting)] : setting];
  });
  return { ...Object.fromEntries(entries) } as Values<P>;
}

export interface Comparison {
  /** How many agreed. */
  readonly events: number;
  readonly difference?: string;
}

/** The first difference between kernel and reference, or nothing; a second run sees what the event changed. */
export function compare(scenario: SmallScenario, planted: Planted = {}): Comparison {
  const quick = stepped(scenario, planted, false);
  return quick.difference === undefined ? quick : stepped(scenario, planted, true);
}

function stepped(scenario: SmallScenario, planted: Planted, recordsPatches: boolean): Comparison {
  const { seed, server, replication } = scenario;
  const values = valuesOf(printServers, scenario.settings);
  const slice = { first: server, count: 1 };
  const kernel = printServers.create({ ...values, ...planted.kernel }, slice, openStreams(seed, replication, slice));
  const simulation = new Simulation(kernel, new Digest(server, 1), planted.events);
  const reference = new Reference({ ...values, ...planted.reference }, seed, server, replication);
  const until = scenario.minutes * 60e6;
  let events = 0;
  for (;;) {
    const [next, expected] = [simulation.events.nextTime, reference.nextTime];
    if (next !== expected)
      return { events, difference: tell(scenario, events, `kernel: next event at ${next}, reference: ${expected}`) };
    if (next >= until) return { events };
    let handled: HandledEvent | undefined;
    let differences: string[];
    try {
      handled = reference.step(recordsPatches);
      simulation.step(Infinity);
      differences = difference(simulation, kernel, reference, handled.kind);
    } catch (error) {
      differences = [`  thrown: ${(error as Error).stack ?? String(error)}`];
    }
    events++;
    if (differences.length > 0) {
      if (handled === undefined) return { events, difference: tell(scenario, events, ...differences) };
      const story = `${handled.time} us ${handled.kind} -> ${handled.event} (${handled.detail})`;
      const patches = handled.patches.map(
        (patch) => `  reference: ${patch.op} ${patch.path.join(".")} ${JSON.stringify(patch.value)}`,
      );
      return { events, difference: tell(scenario, events, story, ...differences, ...patches) };
    }
  }
}

function difference(
  simulation: Simulation,
  kernel: ReturnType<typeof printServers.create>,
  reference: Reference,
  kind: string,
): string[] {
  const differences: string[] = [];
  const kernelKind = kinds[simulation.events.kind];
  if (kernelKind !== kind) differences.push(`  kernel: ${kernelKind}, reference: ${kind}`);
  kernel.observe(simulation.now);
  kernel.check();
  const expected = reference.responses(simulation.now);
  responses.forEach(({ name }, i) => {
    if (!Object.is(kernel.columns[i][0], expected[name])) {
      differences.push(`  ${name}: kernel ${kernel.columns[i][0]}, reference ${expected[name]}`);
    }
  });
  return differences;
}

function tell(scenario: SmallScenario, events: number, ...lines: string[]): string {
  const replay = `replay: node dist/test/models/replay.js '${JSON.stringify(scenario)}'`;
  return [`kernel and reference differ at event ${events}:`, ...lines, replay].join("\n");
}

const share = fc.constantFrom(0, 0, 0.05, 0.2);
const bug = fc.constantFrom("absent", "absent", "present", "fixed");
/** Not only whole microseconds: where the two round is a part of the model. */
const milliseconds = fc.constantFrom(0, 0.0004, 1, 4.18812568, 30, 400.123456789, 5000);

/**
 * Small scenarios in which everything happens often: all spoolers, sites, data types, episodes, ceilings and
 * restarts.
 */
export const smallScenarios: fc.Arbitrary<SmallScenario> = fc.record({
  seed: fc.nat(1e6).map(String),
  server: fc.nat(1000),
  replication: fc.nat(100),
  minutes: fc.constantFrom(3, 15, 40),
  settings: fc.record({
    site: fc.constantFrom(...parameters.site.choices),
    spooler: fc.constantFrom("buggy", "fixed", "sticky-guard"),
    printers: fc.integer({ min: 1, max: 4 }),
    jobsPerDay: fc.constantFrom(500, 2738.26152, 12000),
    profile: fc.constantFrom("flat", "batch"),
    textShare: fc.constantFrom(0, 0.3, 0.6),
    emfShare: fc.constantFrom(0, 0.2, 0.4),
    emptyShare: fc.constantFrom(0, 0.05),
    pagesMean: fc.constantFrom(1, 2, 3.7, 30),
    pagesLaw: fc.constantFrom("geometric", "fixed"),
    priorityHighShare: fc.constantFrom(0, 0.2),
    deleteShare: share,
    pauseDeleteShare: share,
    restartShare: share,
    pauseResumeShare: share,
    levelShare: share,
    waitingDeleteShare: fc.constantFrom(0, 0.05),
    waitingPauseResumeShare: fc.constantFrom(0, 0.1),
    levelPriority: fc.constantFrom(1, 60, 99),
    thinkSecondsMean: fc.constantFrom(0, 0.01, 2.0000001, 40),
    waitingSecondsMax: fc.constantFrom(0, 5.00000012, 60),
    stuckDeleteShare: fc.constantFrom(0, 0, 0.3),
    stuckResubmitShare: fc.constantFrom(0, 0, 0.7),
    stuckMinutesMean: fc.constantFrom(0, 0.2, 3.0000000001),
    guardMode: fc.constantFrom("control-commands", "level-changes-too"),
    controlMsMedian: fc.constantFrom(0.01, 30, 900, 20000),
    controlSigma: fc.constantFrom(0, 0.8),
    unwindSigma: fc.constantFrom(0, 0.5),
    preMs: milliseconds,
    exitMs: milliseconds,
    wakeMs: milliseconds,
    submitMs: milliseconds,
    pickMs: milliseconds,
    closeMs: milliseconds,
    unwindRawMs: milliseconds,
    unwindAbortMs: milliseconds,
    unwindEndMs: milliseconds,
    unwindLprMs: milliseconds,
    portMonitor: fc.constantFrom("local", "lpr"),
    enumMsPerJob: fc.constantFrom(0, 0.01, 3.0007),
    printWhileSpooling: fc.boolean(),
    textChunkBytes: fc.constantFrom(501, 65536),
    emfHoldsDc: fc.boolean(),
    onOpenFail: fc.constantFrom("park", "vanish"),
    dcsMax: fc.constantFrom(15, 17, 25, 250),
    gdiHandlesMax: fc.constantFrom(3008, 3030, 16384),
    pagedPoolBytesMax: fc.constantFrom(21 * 1024 * 1024, 22 * 1024 * 1024, 192 * 1024 * 1024),
    ramBytes: fc.constantFrom(71_400_000, 71_600_000, 134_217_728),
    pagefileBytes: fc.constantFrom(0, 0, 265_289_728),
    restartEveryHours: fc.constantFrom(0, 0, 0.1, 0.412345678901),
    restartOn: fc.constantFrom("every-day", "every-day", "monday", "tuesday"),
    restartAtHour: fc.constantFrom(24, 24, 24, 0.2, 0.5),
    restartKind: fc.constantFrom("service", "reboot", "failover"),
    recoveryMinutes: fc.constantFrom(0, 2.00000001, 20),
    deleteRestartedJobs: fc.boolean(),
    stopMs: milliseconds,
    startMs: milliseconds,
    startMsPerFile: fc.constantFrom(0, 20.0003),
    restartPauseMs: milliseconds,
    startGapMs: milliseconds,
    Q243222: fc.constantFrom("present", "present", "fixed"),
    rebootMs: milliseconds,
    failoverMs: milliseconds,
    Q224345: bug,
    remoteShare: fc.constantFrom(0.2, 1),
    remoteCloseFailShare: fc.constantFrom(0.1, 1),
    remoteCloseBytes: fc.constantFrom(0, 4096),
    Q223791: bug,
    lprOutagesPerDay: fc.constantFrom(50, 500),
    lprOutageSecondsMean: fc.constantFrom(0.5, 8.00000003, 40),
    lprLeakBytes: fc.constantFrom(1, 20_000),
    Q226513: bug,
    pipedShare: fc.constantFrom(0.2, 1),
    pipedPoolShare: fc.constantFrom(0.013, 1),
    nonpagedPoolBytesMax: fc.constantFrom(6_500_000, 51_838_976),
    Q283102: fc.constantFrom("absent", "absent", "present"),
    netPopUp: fc.constantFrom(true, true, false),
    popUpLostShare: fc.constantFrom(0.3, 1),
    popUpBytes: fc.constantFrom(2048, 65536),
    Q182333: fc.constantFrom("absent", "absent", "present"),
    clients: fc.constantFrom(1, 7, 250),
    unpatchedShare: fc.constantFrom(0.3, 1),
    pipesPerClientMax: fc.constantFrom(1, 3, 100),
    handlesMax: fc.constantFrom(155, 170, 15_000),
    Q247408: fc.constantFrom("absent", "absent", "present"),
    raceWindowMs: fc.constantFrom(5, 500, 20_000.5),
  }),
});

/** The same fleets, attended: restarted by policy, patched in every order, their printers lost and found. */
export const attendedScenarios: fc.Arbitrary<SmallScenario> = fc
  .tuple(
    smallScenarios,
    fc.record({
      restartGauge: fc.constantFrom("none", "none", "privateBytes", "handles", "pagedPoolBytes"),
      restartAtGauge: fc.constantFrom(153, 160, 3_200_000, 21_000_000),
      pollEveryMinutes: fc.constantFrom(0.1, 1.500000003, 7),
      complaintMinutesMean: fc.constantFrom(0, 0.5000000001, 4),
      relapseShare: fc.constantFrom(0, 0, 0.5, 1),
      relapseMinutesMean: fc.constantFrom(0.1, 3.0000001),
      staffMinutesPerRestart: fc.constantFrom(0, 1.00000001),
      staffMinutesPerVisit: fc.constantFrom(0, 30),
      edition: fc.constantFrom("NTS", "NTS", "NTS", "TSE", "NTW"),
      processor: fc.constantFrom("x86", "x86", "x86", "alpha"),
      servicePack: fc.constantFrom("4", "4", "5", "3"),
      sp5Share: fc.constantFrom(0, 0.3),
      sp6Share: fc.constantFrom(0, 0.2),
      hotfixedShare: fc.constantFrom(0, 0.5, 1),
      keyShare: fc.constantFrom(0, 0.3),
      acceptMisnomer: fc.boolean(),
      migrateNeedsKey: fc.boolean(),
      tseSp5HasRollup: fc.boolean(),
      spOverwritesHotfix: fc.boolean(),
      patchOrder: fc.constantFrom("none", "hotfix-sp6", "hotfix-misnomer-sp6", ...Object.keys(patchOrders)),
      patchAtDays: fc.constantFrom(0, 0.002),
      patchGapDays: fc.constantFrom(0, 0.003000000000007),
      hotfixMinutes: fc.constantFrom(0, 0.5000000001),
      servicePackMinutes: fc.constantFrom(0, 1.0000000001),
      restoreMinutes: fc.constantFrom(0, 1.0000000003, 5),
      windowStartHour: fc.constantFrom(0, 0, 0.05),
      windowHours: fc.constantFrom(24, 0.2500000000003),
      staggerMinutes: fc.constantFrom(0, 0, 0.0020000001),
    }),
  )
  .map(([scenario, settings]) => ({ ...scenario, settings: { ...scenario.settings, ...settings } }));

/**
 * The first difference among random scenarios, and how many events agreed before it. Small scenarios need no
 * shrinking.
 */
export function firstDifference(
  runs: number,
  planted: (scenario: SmallScenario) => Planted,
  seed = 223863,
  scenarios = smallScenarios,
): Comparison {
  let events = 0;
  let difference: string | undefined;
  const property = fc.property(scenarios, (scenario) => {
    const result = compare(scenario, planted(scenario));
    events += result.events;
    if (result.difference !== undefined) difference = result.difference;
    return result.difference === undefined;
  });
  const { failed } = fc.check(property, { seed, numRuns: runs, endOnFailure: true });
  assert.equal(failed, difference !== undefined);
  return { events, ...(difference === undefined ? {} : { difference }) };
}
