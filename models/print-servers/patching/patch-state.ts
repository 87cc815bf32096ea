/**
 * The upgrades of a server: service packs, the hotfix, where the printers are kept, and how to lose them
 * (docs/model.md, section 8, T18 to T20).
 *
 * Pure: no clock and no stream. A state and a step give the next state, or a refusal that names the rule and the
 * article it comes from. A step changes what is on disk and in the registry; what *runs* changes at a start: the
 * spooler reads the registry whenever it starts, and new files are loaded by a reboot only.
 *
 * The hazard of Q223863: the hotfix moves the printers to the Software hive; Service Pack 6 looks for them there only
 * when the value UseSoftwareKey is 1, and otherwise finds the System hive nearly empty: "you lose all your printers".
 *
 * Where the articles contradict each other, or a sentence is an inference, a reading decides (`Readings`).
 */

/** Server, Enterprise Edition, Workstation, Terminal Server Edition. */
export type Edition = "NTS" | "NTSE" | "NTW" | "TSE";
export type Processor = "x86" | "alpha";
export type ServicePack = "3" | "4" | "5" | "6" | "6a";

export const editions = ["NTS", "NTSE", "NTW", "TSE"] as const satisfies readonly Edition[];
export const processorTypes = ["x86", "alpha"] as const satisfies readonly Processor[];
/** In order of release. */
export const servicePacks = ["3", "4", "5", "6", "6a"] as const satisfies readonly ServicePack[];

/**
 * The spooler's files: their service pack, and whether those of the hotfix replace its own. The hotfix is the roll-up
 * of Q225095: Localspl.dll, Win32spl.dll and Lprmon.dll, which are installed and removed together (an assumption for
 * service packs that overwrite them).
 */
export interface Files {
  readonly servicePack: ServicePack;
  readonly hotfix: boolean;
}

export interface PatchState {
  readonly edition: Edition;
  readonly processor: Processor;
  /** Whether Windows has the language of the hotfix. */
  readonly sameLanguage: boolean;
  /** Whether there are more printers than the System hive can hold at a boot, about 900 (Q239907). */
  readonly crowded: boolean;
  /** The files on disk, and the files that the last boot loaded. */
  readonly disk: Files;
  readonly running: Files;
  /** What `hotfix -l` lists. A service pack that overwrites the hotfix does not remove its entry (Q194334). */
  readonly inventory: boolean;
  /** Whether the effective value (Q239907, Q244135) is a DWORD of 1; likewise the value of the name in Q223863. */
  readonly useSoftwareKey: boolean;
  readonly useSoftwareHive: boolean;
  /** The hive that holds all printers. */
  readonly printerStore: "SYSTEM" | "SOFTWARE";
  /** Whether the spooler found its printers when it last started. */
  readonly visible: boolean;
  /** Whether the machine came up at its last boot. */
  readonly boots: boolean;
  /** Whether the printers were saved (Printmig, or an emergency repair disk) while they were visible. */
  readonly backup: boolean;
  /** The files that an uninstallation of Service Pack 6 restores; null if it was not installed. */
  readonly beforeSp6: Files | null;
}

/** Interpretations of the articles where they are ambiguous. */
export interface Readings {
  /**
   * Whether Terminal Server's Service Pack 5 has the fix: Q236390 says so; Q223863 says that Service Pack 6 is the
   * first.
   */
  readonly tseSp5HasRollup: boolean;
  /** Whether UseSoftwareHive works like UseSoftwareKey; no article that defines the value says so. */
  readonly acceptMisnomer: boolean;
  /**
   * Whether the hotfix moves the printers only if UseSoftwareKey is 1; the warning of Q223863 could then hardly apply.
   */
  readonly migrateNeedsKey: boolean;
  /**
   * Whether Service Pack 5, which is later than the hotfix and does not list it, overwrites its file (after Q194334).
   */
  readonly spOverwritesHotfix: boolean;
}

export const usualReadings: Readings = {
  tseSp5HasRollup: true,
  acceptMisnomer: false,
  migrateNeedsKey: false,
  spOverwritesHotfix: true,
};

/** The possible steps, simpler ones first. */
export const steps = [
  "setUseSoftwareKey",
  "setUseSoftwareHive",
  "backUpPrinters",
  "restartSpooler",
  "restorePrinters",
  "reboot",
  "installHotfix",
  "removeHotfix",
  "installSp4",
  "installSp5",
  "installSp6",
  "installSp6a",
  "uninstallSp6",
] as const;
export type Step = (typeof steps)[number];

/** Whether the step puts new files on disk, which a reboot loads. */
export function changesFiles(step: Step): boolean {
  return step.startsWith("install") || step.startsWith("remove") || step.startsWith("uninstall");
}

/** The result of a step. */
export type StepResult = { readonly state: PatchState } | { readonly refusal: string };

/** A freshly installed server: all installed files run, and the printers are where the spooler looks for them. */
export function freshState(edition: Edition, processor: Processor, servicePack: ServicePack): PatchState {
  const files = { servicePack, hotfix: false };
  return {
    edition,
    processor,
    sameLanguage: true,
    crowded: false,
    disk: files,
    running: files,
    inventory: false,
    useSoftwareKey: false,
    useSoftwareHive: false,
    printerStore: "SYSTEM",
    visible: true,
    boots: true,
    backup: false,
    beforeSp6: null,
  };
}

/** Q223863, its related bugs (docs/model.md, section 10) and System error 12 (section 7), by article. */
export type Bug = "Q223863" | "Q224345" | "Q223791" | "Q226513" | "Q283102" | "Q182333" | "Q247408" | "Q243222";

/** Whether the files that run on the server fix the bug. */
export function fixes({ edition, running }: PatchState, bug: Bug, { tseSp5HasRollup }: Readings): boolean {
  const hasSp6 = isAtLeast(running.servicePack, "6");
  switch (bug) {
    case "Q223863":
    case "Q224345":
    case "Q223791":
      // The three bugs of the roll-up (Q225095); for Terminal Server, a service pack has it (Q236390).
      return hasSp6 || (edition === "TSE" ? running.servicePack === "5" && tseSp5HasRollup : running.hotfix);
    case "Q226513":
      // The bug is in Srv.sys, which no spooler fix replaces.
      return hasSp6;
    case "Q182333":
      // "This is a client fix": nothing that is installed on the server helps.
      return false;
    case "Q283102":
    case "Q247408":
      // There was no fix for NT 4.0.
      return false;
    case "Q243222":
      // Terminal Server's Service Pack 6 has the fix. Server's fix is a later Spoolss.exe; Workstation is not among the
      // products.
      return edition === "NTW" || (edition === "TSE" && hasSp6);
  }
}

/** Whether the spooler that runs has the fix of Q223863. */
export function isFixed(state: PatchState, readings: Readings): boolean {
  return fixes(state, "Q223863", readings);
}

/** Whether users can print: the machine is up and its spooler finds its printers. */
export function printersVisible({ boots, visible }: PatchState): boolean {
  return boots && visible;
}

/** Whether files are waiting for a reboot. */
export function rebootPending({ disk, running }: PatchState): boolean {
  return disk.servicePack !== running.servicePack || disk.hotfix !== running.hotfix;
}

/** The state after the step, or why it is refused. */
export function take(state: PatchState, step: Step, readings: Readings): StepResult {
  const refusal = refusalOf(state, step);
  return refusal === undefined ? { state: consequence(state, step, readings) } : { refusal };
}

/** Whether a service pack is the other one or a later one. */
export function isAtLeast(servicePack: ServicePack, other: ServicePack): boolean {
  return servicePacks.indexOf(servicePack) >= servicePacks.indexOf(other);
}

// Refusals.

const INSTALLS: Partial<Record<Step, ServicePack>> = {
  installSp4: "4",
  installSp5: "5",
  installSp6: "6",
  installSp6a: "6a",
};

/** Why the step is refused: the rule and the article; undefined if it is possible. */
export function refusalOf(state: PatchState, step: Step): string | undefined {
  const { disk, boots } = state;
  if (!boots && step !== "restorePrinters") {
    return "the machine does not boot: its System hive is too large (Q102721); only a restoration helps";
  }
  const changesFiles = step === "installHotfix" || step === "removeHotfix" || step === "uninstallSp6";
  if ((changesFiles || step in INSTALLS) && rebootPending(state)) {
    return "files wait for a reboot, and installations are not chained (Q184305)";
  }
  const pack = INSTALLS[step];
  if (pack !== undefined) return refusalOfServicePack(state, pack);
  switch (step) {
    case "installHotfix":
      return refusalOfHotfix(state);
    case "removeHotfix":
      return disk.hotfix ? undefined : "the hotfix is not there";
    case "uninstallSp6":
      if (state.beforeSp6 !== null) return undefined;
      return "Service Pack 6 was not installed over another one, so that there is nothing to go back to";
    case "backUpPrinters":
      return state.visible ? undefined : "there are no printers to be saved";
    case "restorePrinters":
      return state.backup ? undefined : "there is no emergency repair disk or Printmig file (Q102721, Q214795)";
    default:
      return undefined;
  }
}

function refusalOfHotfix({ edition, processor, sameLanguage, disk }: PatchState): string | undefined {
  const { servicePack, hotfix } = disk;
  if (edition === "TSE") return "for Terminal Server the fix comes in a service pack only (Q223863, Q236390)";
  if (processor === "alpha") return "the hotfix has no files for Alpha (Q225095)";
  if (!sameLanguage) return "Hotfix.exe refuses a Windows of another language (Q238552)";
  if (!isAtLeast(servicePack, "4")) return `the hotfix needs Service Pack 4 or later, not ${servicePack} (Q225095)`;
  if (isAtLeast(servicePack, "6")) {
    return `Hotfix.exe refuses when the service pack, ${servicePack}, is newer than the hotfix (Q238552)`;
  }
  return hotfix ? "the hotfix is there already" : undefined;
}

function refusalOfServicePack({ edition, processor, disk }: PatchState, pack: ServicePack): string | undefined {
  if (edition === "TSE" && pack === "6a") return "Terminal Server has no Service Pack 6a: its 6 contains it (Q258970)";
  if (edition === "TSE" && pack === "6" && processor === "alpha") {
    return "Terminal Server's Service Pack 6 was made for x86 only (its download page)";
  }
  if (isAtLeast(disk.servicePack, pack)) {
    return `Service Pack ${disk.servicePack} is there, which contains ${pack}: they are cumulative (Q152734)`;
  }
  return undefined;
}

// Consequences.

function consequence(state: PatchState, step: Step, readings: Readings): PatchState {
  const { disk } = state;
  const pack = INSTALLS[step];
  if (pack !== undefined) {
    // Service Pack 6 brings its own Localspl.dll, which has the fix.
    const hotfix = disk.hotfix && pack === "5" && !readings.spOverwritesHotfix;
    const beforeSp6 = isAtLeast(pack, "6") ? (state.beforeSp6 ?? disk) : null;
    return { ...state, disk: { servicePack: pack, hotfix }, beforeSp6 };
  }
  switch (step) {
    case "installHotfix":
      return { ...state, disk: { ...disk, hotfix: true }, inventory: true };
    case "removeHotfix":
      return { ...state, disk: { ...disk, hotfix: false }, inventory: false };
    case "uninstallSp6":
      return { ...state, disk: state.beforeSp6!, beforeSp6: null };
    case "setUseSoftwareKey":
      return { ...state, useSoftwareKey: true };
    case "setUseSoftwareHive":
      return { ...state, useSoftwareHive: true };
    case "backUpPrinters":
      return { ...state, backup: true };
    case "restorePrinters":
      // The printers are restored to the hive where the running spooler looks for them.
      return started({ ...state, boots: true, printerStore: lookedIn(state, readings) }, readings);
    case "reboot": {
      const booted = { ...state, running: disk };
      const fits = !state.crowded || state.printerStore === "SOFTWARE";
      return fits ? started(booted, readings) : { ...booted, boots: false, visible: false };
    }
    default:
      return started(state, readings);
  }
}

/** The spooler starts: it looks for the printers in one hive, and moves them there from the other if it can. */
function started(state: PatchState, readings: Readings): PatchState {
  if (lookedIn(state, readings) === "SOFTWARE") return { ...state, printerStore: "SOFTWARE", visible: true };
  return { ...state, visible: state.printerStore === "SYSTEM" };
}

/** The hive in which the spooler that runs looks for the printers. */
function lookedIn(state: PatchState, { acceptMisnomer, migrateNeedsKey }: Readings): "SYSTEM" | "SOFTWARE" {
  const { running, useSoftwareKey, useSoftwareHive } = state;
  const isSet = useSoftwareKey || (acceptMisnomer && useSoftwareHive);
  if (isAtLeast(running.servicePack, "6")) return isSet ? "SOFTWARE" : "SYSTEM";
  if (running.hotfix) return isSet || !migrateNeedsKey ? "SOFTWARE" : "SYSTEM";
  return "SYSTEM";
}
