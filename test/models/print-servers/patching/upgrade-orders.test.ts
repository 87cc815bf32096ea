/** Which orders of upgrading are safe, which lose the printers, and the way back: searched, not guessed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  hasArrived,
  judge,
  judgeOrders,
  reachableStates,
  recoveryPath,
  safePath,
  shortestPath,
} from "../../../support/upgrade-search.ts";
import {
  changesFiles,
  freshState,
  isFixed,
  printersVisible,
  rebootPending,
  take,
  usualReadings,
  type PatchState,
  type Step,
} from "../../../../models/print-servers/patching/patch-state.ts";

const server = freshState("NTS", "x86", "4");

test("of the six orders of hotfix, value and SP6, two are safe, one loses the printers and three are refused", () => {
  const judged = judgeOrders(server, ["installHotfix", "setUseSoftwareKey", "installSp6"], usualReadings);
  const losses = judged.map(({ order, safe, lostAt, refused }) => {
    const lost = lostAt === undefined ? "safe" : `lost at ${lostAt}`;
    const word = refused === undefined ? lost : `refused ${refused.step}`;
    assert.equal(safe, word === "safe");
    return `${order.filter((step) => step !== "reboot").join(" ")}: ${word}`;
  });
  assert.deepEqual(losses, [
    "installHotfix setUseSoftwareKey installSp6: safe",
    "installHotfix installSp6 setUseSoftwareKey: lost at reboot",
    "setUseSoftwareKey installHotfix installSp6: safe",
    "setUseSoftwareKey installSp6 installHotfix: refused installHotfix",
    "installSp6 installHotfix setUseSoftwareKey: refused installHotfix",
    "installSp6 setUseSoftwareKey installHotfix: refused installHotfix",
  ]);
});

test("the shortest safe way is SP6 and a reboot without the hotfix, and setting the value first with it", () => {
  assert.deepEqual(safePath(freshState("NTS", "x86", "3"), usualReadings), ["installSp6", "reboot"]);
  assert.deepEqual(safePath(server, usualReadings), ["installHotfix", "reboot"]);
  const hotfixed = judge(server, ["installHotfix", "reboot"], usualReadings).end;
  const onSp6 = (state: PatchState) => hasArrived(state, usualReadings) && state.running.servicePack === "6";
  const path = shortestPath(hotfixed, usualReadings, onSp6, printersVisible);
  assert.deepEqual(path, ["setUseSoftwareKey", "installSp6", "reboot"]);
  assert.deepEqual(safePath(freshState("TSE", "x86", "4"), usualReadings), ["installSp5", "reboot"]);
});

test("a value set between the installation of SP6 and its reboot is in time", () => {
  const hotfixed = judge(server, ["installHotfix", "reboot"], usualReadings).end;
  assert.ok(judge(hotfixed, ["installSp6", "setUseSoftwareKey", "reboot"], usualReadings).safe);
});

test("Terminal Server on Alpha cannot get the fix if its SP5 lacks it", () => {
  const alpha = freshState("TSE", "alpha", "4");
  assert.equal(safePath(alpha, { ...usualReadings, tseSp5HasRollup: false }), undefined);
  assert.deepEqual(safePath(alpha, usualReadings), ["installSp5", "reboot"]);
});

test("the shortest way back from lost printers is the value and a spooler restart", () => {
  const lost = judge(server, ["installHotfix", "reboot", "installSp6", "reboot"], usualReadings);
  assert.equal(lost.lostAt, "reboot");
  assert.deepEqual(recoveryPath(lost.end, usualReadings), ["setUseSoftwareKey", "restartSpooler"]);
});

test("every reachable state has a way back to the fix with its printers", () => {
  for (const start of [server, freshState("NTW", "x86", "3"), freshState("TSE", "x86", "4")]) {
    const states = reachableStates(start, usualReadings);
    assert.ok(states.length > 100, `${states.length} states`);
    for (const state of states) assert.notEqual(recoveryPath(state, usualReadings), undefined, JSON.stringify(state));
  }
});

test("printers are lost in exactly the states that the table of starts lists", () => {
  for (const state of reachableStates(server, usualReadings)) {
    const { running, printerStore, useSoftwareKey, visible } = state;
    const isNew = ["6", "6a"].includes(running.servicePack);
    // A value may have been set since the spooler last started, or a hive restored; a start says what is so.
    const started = take(state, "restartSpooler", usualReadings);
    assert.ok("state" in started);
    const reads = isNew ? useSoftwareKey : running.hotfix;
    assert.equal(started.state.visible, reads || printerStore === "SYSTEM", JSON.stringify(state));
    if (!visible) assert.equal(printerStore, "SOFTWARE");
  }
});

test("neither a hotfix without a service pack nor service packs without hotfix and value lose printers", () => {
  const reachedBy = (allowed: readonly Step[]): PatchState[] => {
    const states = [server];
    const known = new Set([JSON.stringify(server)]);
    for (const state of states) {
      for (const step of allowed) {
        const result = take(state, step, usualReadings);
        if ("refusal" in result || known.has(JSON.stringify(result.state))) continue;
        known.add(JSON.stringify(result.state));
        states.push(result.state);
      }
    }
    return states;
  };
  const common: Step[] = ["backUpPrinters", "restorePrinters", "restartSpooler", "reboot", "setUseSoftwareHive"];
  const hotfixOnly = reachedBy([...common, "setUseSoftwareKey", "installHotfix"]);
  assert.ok(hotfixOnly.every(printersVisible));
  const packsOnly = reachedBy([...common, "installSp5", "installSp6", "installSp6a", "uninstallSp6"]);
  assert.ok(packsOnly.every(printersVisible));
  assert.ok(packsOnly.some((state) => isFixed(state, usualReadings)));
});

test("a state has been reached only when nothing waits for a reboot", () => {
  const hotfixed = judge(server, ["installHotfix", "reboot"], usualReadings).end;
  const waiting = judge(hotfixed, ["installSp6"], usualReadings).end;
  assert.ok(isFixed(waiting, usualReadings) && rebootPending(waiting));
  assert.equal(hasArrived(waiting, usualReadings), false);
  assert.deepEqual(
    ["installSp5", "removeHotfix", "uninstallSp6", "reboot"].map((step) => changesFiles(step as Step)),
    [true, true, true, false],
  );
});
