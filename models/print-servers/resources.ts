/**
 * The resources of a print server that can run out: private bytes, handles, DCs, GDI handles, paged and nonpaged pool
 * (docs/model.md, section 6). Jobs, print processors and the related bugs hold them.
 */
import type { Clock } from "../../sim/simulation.ts";
import { first } from "./event-times.ts";
import type { Jobs } from "./job-queues.ts";
import type { PrintServersValues } from "./parameters/parameters.ts";
import type { PrintProcessors } from "./print-processors.ts";
import type { RelatedBugs } from "./related-bugs/related-bugs.ts";

/** The responses that are kept here, one number per server. */
function columnsOf(count: number) {
  const zeros = () => new Float64Array(count);
  const never = () => zeros().fill(NaN);
  return {
    leakedPrivateBytes: zeros(),
    leakedHandles: zeros(),
    leakedDcs: zeros(),
    leakedGdiHandles: zeros(),
    leakedPagedPoolBytes: zeros(),
    privateBytes: zeros(),
    handles: zeros(),
    printerDcs: zeros(),
    gdiHandles: zeros(),
    pagedPoolBytes: zeros(),
    nonpagedPoolBytes: zeros(),
    dcCeilingUs: never(),
    gdiCeilingUs: never(),
    poolCeilingUs: never(),
  };
}

export class Resources {
  /** `observe` updates what is leaked and in use; the ceilings are always up to date. */
  readonly columns: ReturnType<typeof columnsOf>;
  private readonly values: PrintServersValues;
  private readonly jobs: Jobs;
  private readonly processors: PrintProcessors;
  private readonly relatedBugs: RelatedBugs;
  /** Private bytes of the spooler without jobs [bytes]. */
  private readonly idleBytes: number;
  private readonly commitBytesMax: number;

  constructor(
    values: PrintServersValues,
    count: number,
    jobs: Jobs,
    processors: PrintProcessors,
    relatedBugs: RelatedBugs,
  ) {
    this.columns = columnsOf(count);
    this.values = values;
    this.jobs = jobs;
    this.processors = processors;
    this.relatedBugs = relatedBugs;
    this.idleBytes = values.privateBytesBase + values.privateBytesPerPrinter * values.printers;
    this.commitBytesMax = values.ramBytes + values.pagefileBytes - values.commitBytesBase;
  }

  /** Whether committing `bytes` more would exceed the limit. */
  isCommitExceeded(server: number, bytes: number): boolean {
    return this.privateBytes(server) + bytes > this.commitBytesMax;
  }

  /** The spooler's handles, without those that related bugs hold. */
  ownHandles(server: number): number {
    return this.values.handlesBase + this.values.handlesPerInstance * this.held(server);
  }

  /** The paged pool, without what related bugs hold [bytes]. */
  ownPagedPool(server: number): number {
    const { values } = this;
    return values.pagedPoolBytesBase + values.poolBytesPerGdiInstance * this.processors.withDc[server];
  }

  /**
   * Requests the resources of one more instance with a DC, and records the first refusal of each resource. Returns
   * whether it gets them all.
   */
  requestDc(server: number, clock: Clock): boolean {
    const { values, columns } = this;
    const withDc = this.processors.withDc[server] + 1;
    const dcs = values.dcsBase + values.dcsPerGdiInstance * withDc <= values.dcsMax;
    const gdi = values.gdiHandlesBase + values.gdiHandlesPerGdiInstance * withDc <= values.gdiHandlesMax;
    const poolBytes =
      values.pagedPoolBytesBase + values.poolBytesPerGdiInstance * withDc + this.relatedBugs.pagedPoolBytes[server];
    const pool = poolBytes <= values.pagedPoolBytesMax;
    if (!dcs) first(columns.dcCeilingUs, server, clock);
    if (!gdi) first(columns.gdiCeilingUs, server, clock);
    if (!pool) first(columns.poolCeilingUs, server, clock);
    return dcs && gdi && pool;
  }

  /** The current value of the gauge that the restart policy watches. */
  restartGauge(server: number): number {
    const { values, relatedBugs } = this;
    switch (values.restartGauge) {
      case "privateBytes":
        return this.privateBytes(server);
      case "handles":
        return this.ownHandles(server) + relatedBugs.handles[server];
      case "pagedPoolBytes":
        return this.ownPagedPool(server) + relatedBugs.pagedPoolBytes[server];
      default:
        throw new Error(`no policy watches ${values.restartGauge}`);
    }
  }

  observe(server: number): void {
    const { values, columns, processors, relatedBugs } = this;
    const leaked = processors.leaked[server];
    const leakedWithDc = processors.leakedWithDc[server];
    const withDc = processors.withDc[server];
    columns.leakedPrivateBytes[server] = values.heapBytesPerInstance * leaked;
    columns.leakedHandles[server] = values.handlesPerInstance * leaked;
    columns.leakedDcs[server] = values.dcsPerGdiInstance * leakedWithDc;
    columns.leakedGdiHandles[server] = values.gdiHandlesPerGdiInstance * leakedWithDc;
    columns.leakedPagedPoolBytes[server] = values.poolBytesPerGdiInstance * leakedWithDc;
    columns.privateBytes[server] = this.privateBytes(server);
    columns.handles[server] = this.ownHandles(server) + relatedBugs.handles[server];
    columns.printerDcs[server] = values.dcsBase + values.dcsPerGdiInstance * withDc;
    columns.gdiHandles[server] = values.gdiHandlesBase + values.gdiHandlesPerGdiInstance * withDc;
    columns.pagedPoolBytes[server] = this.ownPagedPool(server) + relatedBugs.pagedPoolBytes[server];
    columns.nonpagedPoolBytes[server] = values.nonpagedPoolBytesBase + relatedBugs.nonpagedPoolBytes[server];
  }

  private held(server: number): number {
    return this.processors.live[server] + this.processors.orphaned[server];
  }

  private privateBytes(server: number): number {
    const { values } = this;
    const { existing } = this.jobs;
    return (
      this.idleBytes +
      values.heapBytesPerJob * existing[server] +
      values.heapBytesPerInstance * this.held(server) +
      this.relatedBugs.privateBytes[server]
    );
  }
}
