/**
 * The related bugs of Q223863, which a print server may have as well, and the ledger of what they leaked.
 *
 * Five of them leak. The table gives the resources that one leak takes, and their holder: the spooler's process
 * releases everything when it ends, the kernel only when the computer restarts. The sixth bug hangs the service. Their
 * triggers are in docs/model.md, section 10; kernel.ts decides what the service then does.
 *
 * A bug of the fleet is fixed on a server while files with the fix run there (patching/patch-state.ts). A restart of
 * the computer loads them, and releases everything, so a fixed bug holds nothing.
 *
 * Ledger, per server, at every event time: the related bugs hold the sum of what each of them holds. Without related
 * bugs the cost is zero, because the kernel calls none of the expensive methods.
 */
import type { Clock, Schedule } from "../../../sim/simulation.ts";
import { DISCONNECT, RETRY } from "../event-kinds.ts";
import { first } from "../event-times.ts";
import type { OpenStreams } from "../../contract/instance.ts";
import type { PrintServersValues } from "../parameters/parameters.ts";
import { CLOSE_FAILS, PATCHED, PIPED, POP_UP_LOST, REMOTE, RETRY_US, RelatedBugDraws } from "./draws.ts";
import type { Bug } from "../patching/patch-state.ts";

type Resource = "privateBytes" | "handles" | "pagedPoolBytes" | "nonpagedPoolBytes";

/** The amount of each resource that one leak takes. */
type Taken = Readonly<Partial<Record<Resource, number>>>;

/** A related bug that leaks. */
interface LeakingBug {
  readonly article: "Q224345" | "Q223791" | "Q226513" | "Q283102" | "Q182333";
  readonly takes: (values: PrintServersValues) => Taken;
  /** The holder of the leak: the process releases it when it ends, the kernel at a reboot. */
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

/** The responses of leaks: the bug and the resource. */
const leaks = [
  { name: "leakedHandlesByRemoteCloses", bug: FAILED_CLOSE, resource: "handles" },
  { name: "leakedPrivateBytesByRemoteCloses", bug: FAILED_CLOSE, resource: "privateBytes" },
  { name: "leakedPrivateBytesByLpr", bug: LPR_ATTEMPT, resource: "privateBytes" },
  { name: "leakedNonpagedPoolBytesByPipedJobs", bug: PIPED_BYTE, resource: "nonpagedPoolBytes" },
  { name: "leakedPagedPoolBytesByPopUps", bug: LOST_POP_UP, resource: "pagedPoolBytes" },
  { name: "leakedHandlesByClients", bug: CLIENT_PIPE, resource: "handles" },
] as const;

/** The article of the bug whose leaks a response measures; undefined if it is not a related bug. */
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
  /** Whether the fleet has any related bug. */
  readonly any: boolean;
  readonly draws: RelatedBugDraws;
  /** The responses, by name. `observe` updates the leaks; event times are NaN until the event happens. */
  readonly columns: RelatedBugColumns;

  /** What the related bugs hold now [B; handles: 1], one per server. */
  readonly privateBytes: Float64Array;
  readonly handles: Float64Array;
  readonly pagedPoolBytes: Float64Array;
  readonly nonpagedPoolBytes: Float64Array;

  private readonly values: PrintServersValues;
  private readonly isPresent: readonly boolean[];
  /** One column per related bug: 1 while the server leaks, because the bug is present and not fixed. */
  private readonly leaky: readonly Uint8Array[];
  private readonly taken: readonly Taken[];
  /** Leaks of each related bug [1], held now and in total; one column per bug, one number per server. */
  private readonly held: readonly Float64Array[];
  private readonly leaked: readonly Float64Array[];
  /** 1 from Event 2019 until the computer restarts. */
  private readonly disabled: Uint8Array;
  /** The number of pipes that each client of each server has left open; empty without Q182333. */
  private readonly pipes: Uint16Array;
  /** The time at which a job was last paused or resumed [us]. */
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
   * Submits the job that was just drawn or recalled. Returns false if the server refuses it for lack of nonpaged pool.
   * @param bytes the size of the job
   * @param ownHandles the spooler's handles, without those that related bugs hold
   */
  submit(server: number, bytes: number, ownHandles: number, clock: Clock): boolean {
    if (this.disabled[server] === 1) return false;
    if ((this.draws.fate & PIPED) !== 0 && !this.takePiped(server, bytes, clock)) return false;
    if (this.draws.client !== PATCHED) this.openPipe(server, this.draws.client, ownHandles, clock);
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

  private openPipe(server: number, client: number, ownHandles: number, clock: Clock): void {
    const session = server * this.values.clients + client;
    if (this.pipes[session] >= this.values.pipesPerClientMax) return;
    this.pipes[session]++;
    if (this.leak(CLIENT_PIPE, server, 1)) this.watchHandles(server, ownHandles, clock);
  }

  // Q224345 and Q283102: a printed job.

  /** After a job is printed, its remote printer, if it has one, is closed. */
  closeRemotely(server: number, fate: number, ownHandles: number, clock: Clock): void {
    if ((fate & REMOTE) !== 0) this.columns.remoteCloses[server]++;
    if ((fate & CLOSE_FAILS) === 0) return;
    this.columns.remoteClosesFailed[server]++;
    if (this.leak(FAILED_CLOSE, server, 1)) this.watchHandles(server, ownHandles, clock);
  }

  /**
   * Notifies the user. Returns false if there is no paged pool for the pop-up.
   * @param poolBytesElsewhere the paged pool that the related bugs do not hold [B]
   */
  popUp(server: number, fate: number, poolBytesElsewhere: number): boolean {
    const { netPopUp, popUpBytes, pagedPoolBytesMax } = this.values;
    if (!netPopUp || (fate & POP_UP_LOST) === 0) return true;
    this.columns.popUpsLost[server]++;
    if (poolBytesElsewhere + this.pagedPoolBytes[server] + popUpBytes > pagedPoolBytesMax) return false;
    this.leak(LOST_POP_UP, server, 1);
    return true;
  }

  // Q223791: the LPR monitor.

  /** Schedules the server's next outage, if it has outages. */
  awaitOutage(server: number, schedule: Schedule): void {
    if (this.draws.drawGap(server)) schedule.after(this.draws.gapUs[0], DISCONNECT, server, 0);
  }

  /** A printer disconnects; the service logs Event 2004 if it runs. */
  disconnect(server: number, isRunning: boolean, schedule: Schedule): void {
    this.draws.drawOutage(server);
    const { retries } = this.draws;
    this.awaitOutage(server, schedule);
    if (!isRunning) return;
    this.columns.lprDisconnections[server]++;
    this.leak(LPR_ATTEMPT, server, 1);
    if (retries > 0) schedule.after(RETRY_US, RETRY, server, retries - 1);
  }

  /** The monitor tries again, and then `retriesLeft` more times, unless its process has ended. */
  retry(server: number, retriesLeft: number, isRunning: boolean, schedule: Schedule): void {
    if (!isRunning) return;
    this.columns.lprRetries[server]++;
    this.leak(LPR_ATTEMPT, server, 1);
    if (retriesLeft > 0) schedule.after(RETRY_US, RETRY, server, retriesLeft - 1);
  }

  // Q247408: the race.

  /** SetJob is called to pause or resume a job. Returns whether another such call came too recently. */
  races(server: number, clock: Clock): boolean {
    if (this.values.Q247408 === "absent") return false;
    const isNear = clock.now - this.commandedAt[server] < this.raceWindowUs;
    this.commandedAt[server] = clock.now;
    if (!isNear) return false;
    this.columns.raceHangs[server]++;
    first(this.columns.raceHangUs, server, clock);
    return true;
  }

  // Ends of processes.

  /** The service has started with files that fix these bugs. */
  started(server: number, fixes: (bug: Bug) => boolean): void {
    leakingBugs.forEach(({ article }, bug) => {
      this.leaky[bug][server] = this.isPresent[bug] && !fixes(article) ? 1 : 0;
    });
  }

  /** The spooler's process has ended and releases what it held. */
  processEnded(server: number): void {
    this.release(server, "process");
    const { clients } = this.values;
    if (this.pipes.length > 0) this.pipes.fill(0, server * clients, (server + 1) * clients);
    this.commandedAt[server] = -Infinity;
  }

  /** The computer restarts, which also releases what the kernel held. */
  rebooted(server: number): void {
    this.release(server, "kernel");
    this.disabled[server] = 0;
  }

  private release(server: number, holder: LeakingBug["heldBy"]): void {
    leakingBugs.forEach(({ heldBy }, bug) => {
      if (heldBy !== holder) return;
      this.hold(bug, server, -this.held[bug][server]);
    });
  }

  // The ledger.

  /** Records `times` leaks of the related bug; returns false if it does not leak on this server. */
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

  /** Records when too many handles are open, after a leak of handles. */
  watchHandles(server: number, ownHandles: number, clock: Clock): void {
    const handles = ownHandles + this.handles[server];
    if (handles > this.values.handlesMax) first(this.columns.handlesCeilingUs, server, clock);
  }

  /** Updates the leak columns. */
  observe(server: number): void {
    for (const { name, bug, resource } of leaks) {
      this.columns[name][server] = this.leaked[bug][server] * this.taken[bug][resource]!;
    }
  }

  /** @throws Error if the ledger does not balance; `where` names the server */
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
