/**
 * Every statement of Q223863 and its neighbours on how the fix is had and how the printers are lost, one test each,
 * named after it. The articles are those of the Microsoft Knowledge Base.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  freshState,
  isFixed,
  fixes,
  printersVisible,
  take,
  usualReadings,
  type Bug,
  type Edition,
  type PatchState,
  type Readings,
  type Step,
} from "../../../../models/print-servers/patching/patch-state.ts";

const server = freshState("NTS", "x86", "4");
const terminalServer = freshState("TSE", "x86", "4");

function after(start: PatchState, order: readonly Step[], readings: Readings = usualReadings): PatchState {
  return order.reduce((state, step) => {
    const result = take(state, step, readings);
    assert.ok("state" in result, `${step} is refused: ${JSON.stringify(result)}`);
    return result.state;
  }, start);
}

function refusal(start: PatchState, step: Step): string {
  const result = take(start, step, usualReadings);
  assert.ok("refusal" in result, `${step} is not refused`);
  return result.refusal;
}

const hotfixed = after(server, ["installHotfix", "reboot"]);
const lost = after(hotfixed, ["installSp6", "reboot"]);

test("Q223863: a server without the fix runs the leaking spooler", () => {
  assert.equal(isFixed(server, usualReadings), false);
  assert.equal(printersVisible(server), true);
});

test("Q223863: the latest service pack or the individual software update resolves it", () => {
  assert.ok(isFixed(hotfixed, usualReadings));
  assert.ok(isFixed(after(server, ["installSp6", "reboot"]), usualReadings));
  assert.ok(isFixed(after(server, ["installSp6a", "reboot"]), usualReadings));
});

test("Q223863: the resolution applies to Windows NT Server and Workstation and to the Enterprise Edition", () => {
  for (const edition of ["NTS", "NTW", "NTSE"] satisfies Edition[]) {
    for (const step of ["installHotfix", "installSp6"] satisfies Step[]) {
      const state = after(freshState(edition, "x86", "4"), [step, "reboot"]);
      assert.ok(isFixed(state, usualReadings), `${edition} ${step}`);
    }
  }
});

test("Q223863: installing the fix, then SP6 without the value, loses all printers", () => {
  assert.equal(printersVisible(hotfixed), true);
  assert.equal(printersVisible(lost), false);
  assert.equal(lost.printerStore, "SOFTWARE");
  assert.ok(isFixed(lost, usualReadings), "fixed, and nobody can print");
});

test("Q223863: Terminal Server gets the fix only with a service pack", () => {
  assert.match(refusal(terminalServer, "installHotfix"), /service pack only \(Q223863, Q236390\)/);
});

test("Q223863 against Q236390: under either reading, Terminal Server's SP5 or SP6 is the first with the rollup", () => {
  const sp5 = after(terminalServer, ["installSp5", "reboot"]);
  assert.equal(isFixed(sp5, usualReadings), true);
  assert.equal(isFixed(sp5, { ...usualReadings, tseSp5HasRollup: false }), false);
  const sp6 = after(sp5, ["installSp6", "reboot"]);
  for (const tseSp5HasRollup of [true, false]) assert.ok(isFixed(sp6, { ...usualReadings, tseSp5HasRollup }));
});

test("Q244135: Terminal Server's SP5 moves no printers, so SP6, the first that does, loses none", () => {
  const sp6 = after(terminalServer, ["installSp5", "reboot", "installSp6", "reboot"]);
  assert.deepEqual([sp6.printerStore, sp6.visible], ["SYSTEM", true]);
});

test("Q223863: the platform line lists ALPHA, but Terminal Server SP6 exists only for x86", () => {
  assert.match(refusal(freshState("TSE", "alpha", "5"), "installSp6"), /x86 only/);
  assert.ok(isFixed(after(freshState("NTS", "alpha", "5"), ["installSp6", "reboot"]), usualReadings));
});

test("Q225095: the platform line lists ALPHA, but the hotfix lists only files for x86", () => {
  assert.match(refusal(freshState("NTS", "alpha", "4"), "installHotfix"), /no files for Alpha \(Q225095\)/);
});

test("Q225095: the server must be running SP4 or later to install the hotfix", () => {
  assert.match(refusal(freshState("NTS", "x86", "3"), "installHotfix"), /needs Service Pack 4 or later, not 3/);
  assert.ok(isFixed(after(freshState("NTS", "x86", "5"), ["installHotfix", "reboot"]), usualReadings));
  const order: Step[] = ["installSp4", "reboot", "installHotfix", "reboot"];
  assert.ok(isFixed(after(freshState("NTS", "x86", "3"), order), usualReadings));
});

test("Q238552: Hotfix.exe refuses a newer service pack and another language", () => {
  for (const pack of ["6", "6a"] as const) {
    assert.match(refusal(freshState("NTS", "x86", pack), "installHotfix"), /newer than the hotfix \(Q238552\)/);
  }
  assert.match(refusal({ ...server, sameLanguage: false }, "installHotfix"), /another language \(Q238552\)/);
});

test("Q225095: the hotfix is in Localspl.dll and takes effect at the reboot that loads it", () => {
  const waiting = after(server, ["installHotfix"]);
  assert.equal(isFixed(waiting, usualReadings), false);
  assert.equal(isFixed(after(waiting, ["restartSpooler"]), usualReadings), false, "a restart loads no new files");
  assert.equal(isFixed(after(waiting, ["reboot"]), usualReadings), true);
});

test("Q194334: SP5 is newer but lacks the fix and overwrites it, and the inventory still lists it", () => {
  const sp5 = after(hotfixed, ["installSp5", "reboot"]);
  assert.equal(isFixed(sp5, usualReadings), false);
  assert.equal(sp5.inventory, true);
  const kept = after(hotfixed, ["installSp5", "reboot"], { ...usualReadings, spOverwritesHotfix: false });
  assert.equal(isFixed(kept, usualReadings), true);
});

test("SP5 over the hotfix loses the printers too: its spooler reads the System hive", () => {
  assert.equal(printersVisible(after(hotfixed, ["installSp5", "reboot"])), false);
  assert.equal(printersVisible(after(hotfixed, ["installSp5", "reboot", "installHotfix", "reboot"])), true);
});

test("Q239907: the value UseSoftwareKey, set before SP6, keeps the printers", () => {
  const order: Step[] = ["setUseSoftwareKey", "installSp6", "reboot"];
  assert.equal(printersVisible(after(hotfixed, order)), true);
});

test("Q239907: the value is too late once SP6 has started without it, because the printers are gone", () => {
  const late = after(lost, ["setUseSoftwareKey"]);
  assert.equal(printersVisible(late), false, "until the spooler starts again");
  assert.equal(printersVisible(after(late, ["restartSpooler"])), true);
});

test("Q223863's UseSoftwareHive is a misnomer: setting it does nothing unless the misnomer is accepted", () => {
  const order: Step[] = ["setUseSoftwareHive", "installSp6", "reboot"];
  assert.equal(printersVisible(after(hotfixed, order)), false);
  assert.equal(printersVisible(after(hotfixed, order, { ...usualReadings, acceptMisnomer: true })), true);
});

test("Q242035: the hotfix includes the fix for Q239907: it moves the printers, with the value or without it", () => {
  assert.equal(hotfixed.printerStore, "SOFTWARE");
  assert.equal(after(server, ["setUseSoftwareKey", "installHotfix", "reboot"]).printerStore, "SOFTWARE");
});

test("if the hotfix moved printers only with the value, hotfix then SP6 would lose nothing", () => {
  const readings = { ...usualReadings, migrateNeedsKey: true };
  const sp6 = after(server, ["installHotfix", "reboot", "installSp6", "reboot"], readings);
  assert.deepEqual([sp6.printerStore, sp6.visible], ["SYSTEM", true]);
});

test("Q244135: SP6 with the value moves the printers from the System to the Software hive", () => {
  for (const start of [server, terminalServer]) {
    const sp6 = after(start, ["setUseSoftwareKey", "installSp6", "reboot"]);
    assert.deepEqual([sp6.printerStore, sp6.visible], ["SOFTWARE", true]);
  }
});

test("SP6 is safe on a server that never had the hotfix", () => {
  for (const pack of ["3", "4", "5"] as const) {
    const sp6 = after(freshState("NTS", "x86", pack), ["installSp6", "reboot"]);
    assert.deepEqual([printersVisible(sp6), isFixed(sp6, usualReadings)], [true, true], `SP${pack}`);
  }
});

test("Q239907: uninstalling SP6 without the hotfix loses the printers", () => {
  const withFix = after(hotfixed, ["setUseSoftwareKey", "installSp6", "reboot", "uninstallSp6", "reboot"]);
  assert.deepEqual([withFix.visible, isFixed(withFix, usualReadings)], [true, true]);
  const without = after(server, ["setUseSoftwareKey", "installSp6", "reboot", "uninstallSp6", "reboot"]);
  assert.deepEqual([without.visible, isFixed(without, usualReadings)], [false, false]);
});

test("uninstalling SP6 from a server that lost its printers keeps them lost where SP5 overwrote the hotfix", () => {
  const sp5 = after(hotfixed, ["installSp5", "reboot", "installSp6", "reboot"]);
  assert.equal(printersVisible(after(sp5, ["uninstallSp6", "reboot"])), false);
});

test("removing the hotfix alone loses the printers, because the remaining spooler reads the System hive", () => {
  assert.equal(printersVisible(after(hotfixed, ["removeHotfix", "reboot"])), false);
});

test("lost printers come back through the value and a spooler restart, or from a backup", () => {
  assert.equal(printersVisible(after(lost, ["setUseSoftwareKey", "restartSpooler"])), true);
  const saved = after(server, ["backUpPrinters", "installHotfix", "reboot", "installSp6", "reboot"]);
  assert.equal(printersVisible(saved), false);
  assert.equal(printersVisible(after(saved, ["restorePrinters"])), true);
  assert.match(refusal(lost, "restorePrinters"), /no emergency repair disk or Printmig file/);
  assert.match(refusal(lost, "backUpPrinters"), /no printers to be saved/);
});

test("lost printers cause no crash and no reboot loop: the machine boots any number of times without them", () => {
  const rebooted = after(lost, ["reboot", "reboot"]);
  assert.deepEqual([rebooted.boots, rebooted.visible], [true, false]);
});

test("Q239907: more than 900 printers in the System hive fail the next boot; the Software hive holds them", () => {
  const crowded = { ...server, crowded: true };
  const dead = after(crowded, ["reboot"]);
  assert.deepEqual([dead.boots, printersVisible(dead)], [false, false]);
  assert.match(refusal(dead, "setUseSoftwareKey"), /does not boot.*Q102721/);
  const moved: PatchState = { ...hotfixed, crowded: true };
  assert.equal(after(moved, ["reboot"]).boots, true);
});

test("Q239907: large servers, which need the move, are the ones that SP6 without the value hits", () => {
  const large: PatchState = { ...hotfixed, crowded: true };
  assert.equal(printersVisible(after(large, ["installSp6", "reboot"])), false);
  assert.equal(printersVisible(after(large, ["setUseSoftwareKey", "installSp6", "reboot"])), true);
});

test("Q102721: a machine that does not boot is recovered only by restoring it", () => {
  const dead = after({ ...server, crowded: true, backup: true }, ["reboot"]);
  assert.equal(printersVisible(after(dead, ["restorePrinters"])), true);
});

test("Q152734: service packs are cumulative; the same or an older one is not installed over a newer one", () => {
  assert.match(refusal(freshState("NTS", "x86", "5"), "installSp4"), /contains 4.*Q152734/);
  assert.match(refusal(server, "installSp4"), /Q152734/);
  assert.equal(after(freshState("NTS", "x86", "3"), ["installSp6a"]).disk.servicePack, "6a");
});

test("Q246009 and Q258970: SP6a follows SP6, and Terminal Server's SP6 contains it", () => {
  assert.equal(after(server, ["installSp6", "reboot", "installSp6a", "reboot"]).running.servicePack, "6a");
  assert.match(refusal(terminalServer, "installSp6a"), /Q258970/);
});

test("Q184305: installations are not chained; pending files need a reboot first", () => {
  const waiting = after(server, ["installHotfix"]);
  for (const step of ["installSp6", "installSp5", "removeHotfix"] satisfies Step[]) {
    assert.match(refusal(waiting, step), /Q184305/);
  }
  assert.equal(after(waiting, ["setUseSoftwareKey", "reboot", "installSp6", "reboot"]).visible, true);
});

test("an uninstallation needs something to go back to", () => {
  assert.match(refusal(server, "uninstallSp6"), /nothing to go back to/);
  assert.match(refusal(freshState("NTS", "x86", "6"), "uninstallSp6"), /nothing to go back to/);
  assert.match(refusal(server, "removeHotfix"), /is not there/);
  const twice = after(server, ["installSp6", "reboot", "installSp6a", "reboot", "uninstallSp6", "reboot"]);
  assert.equal(twice.running.servicePack, "4", "what was there before the first of them");
});

test("Q197565: SP4 did not update the print processor, and does not contain the fix either", () => {
  const sp4 = after(freshState("NTS", "x86", "3"), ["installSp4", "reboot"]);
  assert.equal(isFixed(sp4, usualReadings), isFixed(server, usualReadings));
});

test("the fix matrix lists which edition has the fix of Q223863 at which service pack, with and without the hotfix", () => {
  const matrix: readonly (readonly [Edition, "x86" | "alpha", string])[] = [
    // Server, Enterprise Edition and Workstation: SP6, or the hotfix, which is for x86. SP5 has nothing.
    ["NTS", "x86", "4+hotfix 5+hotfix 6 6a"],
    ["NTSE", "x86", "4+hotfix 5+hotfix 6 6a"],
    ["NTW", "x86", "4+hotfix 5+hotfix 6 6a"],
    ["NTS", "alpha", "6 6a"],
    ["NTW", "alpha", "6 6a"],
    // Terminal Server: SP5 (Q236390), and SP6, for x86.
    ["TSE", "x86", "5 6"],
    ["TSE", "alpha", "5"],
  ];
  for (const [edition, processor, expected] of matrix) {
    const found = (["3", "4", "5", "6", "6a"] as const).flatMap((pack) => {
      // What a server comes to from Service Pack 3, or why not.
      const installed = pack === "3" ? [] : [`installSp${pack}` as Step, "reboot" as const];
      const isFixedBy = (more: readonly Step[]): boolean => {
        let state = freshState(edition, processor, "3");
        for (const step of [...installed, ...more]) {
          const result = take(state, step, usualReadings);
          if ("refusal" in result) return false;
          state = result.state;
        }
        return isFixed(state, usualReadings);
      };
      if (isFixedBy([])) return [pack];
      return isFixedBy(["installHotfix", "reboot"]) ? [`${pack}+hotfix`] : [];
    });
    assert.equal(found.join(" "), expected, `${edition} ${processor}`);
  }
});

// The related bugs.

const rollUp: readonly Bug[] = ["Q223863", "Q224345", "Q223791"];
const unmended: readonly Bug[] = ["Q283102", "Q182333", "Q247408"];
const bugs: readonly Bug[] = [...rollUp, "Q226513", ...unmended];

function mendedBy(state: PatchState, readings: Readings = usualReadings): Bug[] {
  return bugs.filter((bug) => fixes(state, bug, readings));
}

test("Q225095: the roll-up fixes Q223863, Q224345 and Q223791, and an SP5 that overwrites it undoes all three", () => {
  assert.deepEqual(mendedBy(server), []);
  assert.deepEqual(mendedBy(hotfixed), rollUp);
  assert.deepEqual(mendedBy(after(hotfixed, ["installSp5", "reboot"])), []);
  assert.deepEqual(mendedBy(after(hotfixed, ["removeHotfix", "reboot"])), []);
});

test("Q236390: Terminal Server's SP5 fixes the same three, unless SP6 is read as the first", () => {
  const sp5 = after(terminalServer, ["installSp5", "reboot"]);
  assert.deepEqual(mendedBy(sp5), rollUp);
  assert.deepEqual(mendedBy(sp5, { ...usualReadings, tseSp5HasRollup: false }), []);
  assert.deepEqual(mendedBy(after(freshState("NTS", "x86", "4"), ["installSp5", "reboot"])), [], "Server's has none");
});

test("Q224345, Q223791, Q226513: SP6 and Terminal Server's SP6 fix them while installed and loaded", () => {
  for (const start of [server, terminalServer, freshState("NTS", "alpha", "5"), freshState("NTW", "x86", "3")]) {
    const waiting = after(start, ["installSp6"]);
    assert.deepEqual(mendedBy(waiting), [], "before the reboot");
    const sp6 = after(waiting, ["reboot"]);
    assert.deepEqual(mendedBy(sp6), [...rollUp, "Q226513"]);
    assert.deepEqual(mendedBy(after(sp6, ["uninstallSp6", "reboot"])), []);
  }
});

test('Q283102 and Q247408: no file of NT 4.0 mends them; and of Q182333: "this is a client fix"', () => {
  for (const pack of ["3", "4", "5", "6", "6a"] as const) {
    const mended = mendedBy(freshState("NTS", "x86", pack));
    assert.ok(
      unmended.every((bug) => !mended.includes(bug)),
      `SP${pack}`,
    );
  }
});

test("Q243222: only Terminal Server's SP6 fixes System error 12, and Workstation is not affected", () => {
  const packs = ["3", "4", "5", "6"] as const;
  const mended = (edition: Edition): boolean[] =>
    packs.map((pack) => fixes(freshState(edition, "x86", pack), "Q243222", usualReadings));
  assert.deepEqual(mended("NTS"), [false, false, false, false]);
  assert.deepEqual(mended("NTSE"), [false, false, false, false]);
  assert.deepEqual(mended("TSE"), [false, false, false, true]);
  assert.deepEqual(mended("NTW"), [true, true, true, true]);
});
