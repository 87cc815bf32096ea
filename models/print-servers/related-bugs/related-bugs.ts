/**
 * The related bugs of Q223863, which a print server may carry beside it, and the ledger of what they took.
 *
 * Five of them leak. Of such a related bug the table says what one leak takes, and who holds it: the spooler's process
 * gives everything back when it ends, the kernel only when the computer restarts. The sixth hangs the service. What
 * sets each of them off is docs/model.md, section 10, verb by verb; what the service then does is for kernel.ts.
 *
 * A bug that the fleet carries is mended on a server while files that mend it run there (upgrades.ts). They are loaded
 * by a restart of the computer, which gives everything back: a mended bug holds nothing.
 *
 * Ledger, per server, at every event time: what the related bugs hold of a resource is what each of them holds, added
 * up. Cost: nothing where the fleet carries none, because then nobody calls a verb that costs.
 */
import type { Clock, Schedule } from "../../../sim/simulation.ts";
import { DISCONNECT, RETRY } from "../event-kinds.ts";
import { first } from "../event-times.ts";
import type { OpenStreams } from "../../contract/instance.ts";
import type { PrintServersValues } from "../parameters/parameters.ts";
import { CLOSE_FAILS, PATCHED, PIPED, POP_UP_LOST, REMOTE, RETRY_US, RelatedBugDraws } from "./draws.ts";
import type { Bug } from "../patching/patch-state.ts";

type Resource = "privateBytes" | "handles" | "pagedPoolBytes" | "nonpagedPoolBytes";

/** What one leak takes of each resource. */
type Taken = Readonly<Partial<Record<Resource, number>>>;

/** A related bug that leaks. */
interface LeakingBug {
  readonly article: "Q224345" | "Q223791" | "Q226513" | "Q283102" | "Q182333";
  readonly takes: (values: PrintServersValues) => Taken;
  /** Who gives it back at its end. */
  readonly heldBy: "process" | "kernel";
}

/** An RPC binding handle, a spooler handle and a printer handle (Q224345). */
export const HANDLES_PER_FAILED_CLOSE = 3;

const leakingBugs: readonly LeakingBug[] = [
  {
    article: "Q224345",
    takes: ({ remoteCloseBytes }) => ({ handles: HANDLES_PER_FAILED_CLOSE, privateBytes: remoteCloseBytes }),
    heldBy: "process",
  },
  { article: "Q223791", takes: ({ lprLeakBytes }) => ({ privateBytes: lprLeakBytes }), heldBy: "process" },
  { article: "Q226513", takes: () => ({ nonpagedPoolBytes: 1 }), heldBy: "kernel" },
  { article: "Q283102", takes: ({ popUpBytes }) => ({ pagedPoolBytes: popUpBytes }), heldBy: "kernel" },
  { article: "Q182333", takes: () => ({ handles: 1 }), heldBy: "process" },
];

const FAILED_CLOSE = 0;
const LPR_ATTEMPT = 1;
const PIPED_BYTE = 2;
const LOST_POP_UP = 3;
const CLIENT_PIPE = 4;

/** The responses that say what leaked, of which related bug and resource. */
const leaks = [
  { name: "leakedHandlesByRemoteCloses", bug: FAILED_CLOSE, resource: "handles" },
  { name: "leakedPrivateBytesByRemoteCloses", bug: FAILED_CLOSE, resource: "privateBytes" },
  { name: "leakedPrivateBytesByLpr", bug: LPR_ATTEMPT, resource: "privateBytes" },
  { name: "leakedNonpagedPoolBytesByPipedJobs", bug: PIPED_BYTE, resource: "nonpagedPoolBytes" },
  { name: "leakedPagedPoolBytesByPopUps", bug: LOST_POP_UP, resource: "pagedPoolBytes" },
  { name: "leakedHandlesByClients", bug: CLIENT_PIPE, resource: "handles" },
] as const;

/** The article of the bug that a response says the leaks of; none of a leak of the spooler's own. */
export function articleOf(response: string): LeakingBug["article"] | undefined {
  const leak = leaks.find(({ name }) => name === response);
  return leak && leakingBugs[leak.bug].article;
}

const counts = [
  "remoteCloses",
  "remoteClosesFailed",
  "lprDisconnections",
  "lprRetries",
  "jobsPiped",
  "popUpsLost",
  "raceHangs",
] as const;

const eventTimes = ["handlesCeilingUs", "nonpagedCeilingUs", "raceHangUs"] as const;

type RelatedBugColumns = Readonly<
  Record<(typeof leaks)[number]["name"] | (typeof counts)[number] | (typeof eventTimes)[number], Float64Array>
>;

export class RelatedBugs {
  /** Whether the fleet carries any. */
  readonly any: boolean;
  readonly draws: RelatedBugDraws;
  /**
   * Responses, by name. What leaked is brought up to now by `observe`; event times are NaN while they have not come.
   */
  readonly columns: RelatedBugColumns;

  /** What the related bugs hold now [B, handles: 1] - one per server. */
  readonly privateBytes: Float64Array;
  readonly handles: Float64Array;
  readonly pagedPoolBytes: Float64Array;
  readonly nonpagedPoolBytes: Float64Array;

  private readonly values: PrintServersValues;
  private readonly isPresent: readonly boolean[];
  /**
   * Of each related bug, a column: 1 while the server leaks by it, which is where it is present and nothing fixes it.
   */
  private readonly leaky: readonly Uint8Array[];
  private readonly taken: readonly Taken[];
  /** Leaks of each related bug [1]: held now, and ever; columns, one per server. */
  private readonly held: readonly Float64Array[];
  private readonly leaked: readonly Float64Array[];
  /** 1 from Event 2019 until the computer restarts. */
  private readonly disabled: Uint8Array;
  /** Pipes that each client of each server has left open; empty without Q182333. */
  private readonly pipes: Uint16Array;
  /** When a job was last paused or resumed [us]. */
  private readonly commandedAt: Float64Array;
  private readonly raceWindowUs: number;

  constructor(values: PrintServersValues, count: number, open: OpenStreams) {
    const zeros = () => new Float64Array(count);
    const named = <Name extends string>(names: readonly Name[], start: number) =>
      Object.fromEntries(names.map((name) => [name, zeros().fill(start)])) as Record<Name, Float64Array>;
    this.values = values;
    this.isPresent = leakingBugs.map(({ article }) => values[article] === "present");
    this.leaky = this.isPresent.map((isPresent) => new Uint8Array(count).fill(isPresent ? 1 : 0));
    this.any = values.Q247408 === "present" || leakingBugs.some(({ article }) => values[article] !== "absent");
    this.draws = new RelatedBugDraws(values, open);
    this.columns = {
      ...named(
        leaks.map(({ name }) => name),
        0,
      ),
      ...named(counts, 0),
      ...named(eventTimes, NaN),
    };
    this.privateBytes = zeros();
    this.handles = zeros();
    this.pagedPoolBytes = zeros();
    this.nonpagedPoolBytes = zeros();
    this.taken = leakingBugs.map(({ takes }) => takes(values));
    this.held = leakingBugs.map(zeros);
    this.leaked = leakingBugs.map(zeros);
    this.disabled = new Uint8Array(count);
    this.pipes = new Uint16Array(values.Q182333 === "present" ? count * values.clients : 0);
    this.commandedAt = zeros().fill(-Infinity);
    this.raceWindowUs = values.raceWindowMs * 1000;
  }

  // Q226513 and Q182333: a submission.

  /**
   * The job that was drawn or recalled last, of so many bytes, is submitted; `handlesElsewhere` are those of others.
   * False when the server has no nonpaged pool left and takes no job.
   */
  submit(server: number, bytes: number, handlesElsewhere: number, clock: Clock): boolean {
    if (this.disabled[server] === 1) return false;
    if ((this.draws.fate & PIPED) !== 0 && !this.takePiped(server, bytes, clock)) return false;
    if (this.draws.client !== PATCHED) this.openPipe(server, this.draws.client, handlesElsewhere, clock);
    return true;
  }

  private takePiped(server: number, bytes: number, clock: Clock): boolean {
    const { pipedPoolShare, nonpagedPoolBytesBase, nonpagedPoolBytesMax } = this.values;
    const poolBytes = Math.ceil(pipedPoolShare * bytes);
    this.columns.jobsPiped[server]++;
    if (this.leaky[PIPED_BYTE][server] === 0) return true;
    if (nonpagedPoolBytesBase + this.nonpagedPoolBytes[server] + poolBytes > nonpagedPoolBytesMax) {
      first(this.columns.nonpagedCeilingUs, server, clock);
      this.disabled[server] = 1;
      return false;
    }
    this.leak(PIPED_BYTE, server, poolBytes);
    return true;
  }

  private openPipe(server: number, client: number, handlesElsewhere: number, clock: Clock): void {
    const session = server * this.values.clients + client;
    if (this.pipes[session] >= this.values.pipesPerClientMax) return;
    this.pipes[session]++;
    if (this.leak(CLIENT_PIPE, server, 1)) this.watchHandles(server, handlesElsewhere, clock);
  }

  // Q224345 and Q283102: a printed job.

  /** A job has been printed, and its remote printer, if it is one, is closed. */
  closeRemotely(server: number, fate: number, handlesElsewhere: number, clock: Clock): void {
    if ((fate & REMOTE) !== 0) this.columns.remoteCloses[server]++;
    if ((fate & CLOSE_FAILS) === 0) return;
    this.columns.remoteClosesFailed[server]++;
    if (this.leak(FAILED_CLOSE, server, 1)) this.watchHandles(server, handlesElsewhere, clock);
  }

  /** Its user is notified; `poolBytesElsewhere` are those of others. False without paged pool for the pop-up. */
  popUp(server: number, fate: number, poolBytesElsewhere: number): boolean {
    const { netPopUp, popUpBytes, pagedPoolBytesMax } = this.values;
    if (!netPopUp || (fate & POP_UP_LOST) === 0) return true;
    this.columns.popUpsLost[server]++;
    if (poolBytesElsewhere + this.pagedPoolBytes[server] + popUpBytes > pagedPoolBytesMax) return false;
    this.leak(LOST_POP_UP, server, 1);
    return true;
  }

  // Q223791: the LPR monitor.

  /** Waits for the server's next outage, if its fleet has any. */
  awaitOutage(server: number, schedule: Schedule): void {
    if (this.draws.drawGap(server)) schedule.after(this.draws.gapUs[0], DISCONNECT, server, 0);
  }

  /** A printer disconnects: Event 2004, if the service runs to log it. */
  disconnect(server: number, isRunning: boolean, schedule: Schedule): void {
    this.draws.drawOutage(server);
    const { retries } = this.draws;
    this.awaitOutage(server, schedule);
    if (!isRunning) return;
    this.columns.lprDisconnections[server]++;
    this.leak(LPR_ATTEMPT, server, 1);
    if (retries > 0) schedule.after(RETRY_US, RETRY, server, retries - 1);
  }

  /** The monitor tries again, and will so many times more, unless its process has ended. */
  retry(server: number, retriesLeft: number, isRunning: boolean, schedule: Schedule): void {
    if (!isRunning) return;
    this.columns.lprRetries[server]++;
    this.leak(LPR_ATTEMPT, server, 1);
    if (retriesLeft > 0) schedule.after(RETRY_US, RETRY, server, retriesLeft - 1);
  }

  // Q247408: the race.

  /** SetJob is called to pause or resume a job. True when another such call is too near. */
  races(server: number, clock: Clock): boolean {
    if (this.values.Q247408 === "absent") return false;
    const isNear = clock.now - this.commandedAt[server] < this.raceWindowUs;
    this.commandedAt[server] = clock.now;
    if (!isNear) return false;
    this.columns.raceHangs[server]++;
    first(this.columns.raceHangUs, server, clock);
    return true;
  }

  // What ends.

  /** The service has started, with files that mend these bugs and no others. */
  started(server: number, fixes: (bug: Bug) => boolean): void {
    leakingBugs.forEach(({ article }, bug) => {
      this.leaky[bug][server] = this.isPresent[bug] && !fixes(article) ? 1 : 0;
    });
  }

  /** The spooler's process has ended: what it held is given back. */
  processEnded(server: number): void {
    this.giveBack(server, "process");
    const { clients } = this.values;
    if (this.pipes.length > 0) this.pipes.fill(0, server * clients, (server + 1) * clients);
    this.commandedAt[server] = -Infinity;
  }

  /** The computer restarts: what the kernel held is given back too. */
  rebooted(server: number): void {
    this.giveBack(server, "kernel");
    this.disabled[server] = 0;
  }

  private giveBack(server: number, holder: LeakingBug["heldBy"]): void {
    leakingBugs.forEach(({ heldBy }, bug) => {
      if (heldBy !== holder) return;
      this.hold(bug, server, -this.held[bug][server]);
    });
  }

  // The ledger.

  /** The related bug leaks so many times; false when it is fixed or mended and does not. */
  private leak(bug: number, server: number, times: number): boolean {
    if (this.leaky[bug][server] === 0) return false;
    this.leaked[bug][server] += times;
    this.hold(bug, server, times);
    return true;
  }

  private hold(bug: number, server: number, times: number): void {
    const { privateBytes = 0, handles = 0, pagedPoolBytes = 0, nonpagedPoolBytes = 0 } = this.taken[bug];
    this.held[bug][server] += times;
    this.privateBytes[server] += privateBytes * times;
    this.handles[server] += handles * times;
    this.pagedPoolBytes[server] += pagedPoolBytes * times;
    this.nonpagedPoolBytes[server] += nonpagedPoolBytes * times;
  }

  /** A handle has leaked: there may be too many. */
  private watchHandles(server: number, handlesElsewhere: number, clock: Clock): void {
    const handles = handlesElsewhere + this.handles[server];
    if (handles > this.values.handlesMax) first(this.columns.handlesCeilingUs, server, clock);
  }

  /** Brings the leaks among the columns up to now. */
  observe(server: number): void {
    for (const { name, bug, resource } of leaks) {
      this.columns[name][server] = this.leaked[bug][server] * this.taken[bug][resource]!;
    }
  }

  /** Throws when the ledger does not balance; `where` names the server. */
  check(server: number, where: string): void {
    for (const resource of ["privateBytes", "handles", "pagedPoolBytes", "nonpagedPoolBytes"] as const) {
      const parts = leakingBugs.map((_, bug) => this.held[bug][server] * (this.taken[bug][resource] ?? 0));
      const sum = parts.reduce((a, b) => a + b);
      if (this[resource][server] !== sum) {
        throw new Error(
          `related bugs hold ${this[resource][server]} ${resource}, and not ${parts.join(" + ")} ${where}`,
        );
      }
    }
    leakingBugs.forEach(({ article }, bug) => {
      const [held, leaked] = [this.held[bug][server], this.leaked[bug][server]];
      if (held < 0 || held > leaked) throw new Error(`${article} holds ${held} of ${leaked} leaks ${where}`);
    });
    const open = this.pipes.subarray(server * this.values.clients, (server + 1) * this.values.clients);
    const pipes = open.reduce((a, b) => a + b, 0);
    if (pipes !== this.held[CLIENT_PIPE][server]) {
      throw new Error(`${pipes} pipes are open, but the ledger says ${this.held[CLIENT_PIPE][server]} ${where}`);
    }
  }
}
