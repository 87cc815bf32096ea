/**
 * The spooler, a replaceable part: how it guards and closes its print processors.
 *
 * A port thread opens a print processor instance for a job, prints, and attempts to close it. Meanwhile an alteration
 * of that job may enter the instance and leave it again; the guard counts the alterations inside. A spooler consists of
 * four functions over the columns below. It has no clock and no stream. It cannot draw random numbers, so two spoolers
 * that are compared necessarily get the same jobs, the same alterations and the same durations.
 *
 * The spooler does not keep the ledger: the caller of `close` checks whether the instance was closed or is waiting for
 * a leaving alteration, and otherwise counts it as orphaned. A leak is a close that did not happen.
 */

/** The columns that a spooler may change; an instance is a slot of these columns. */
export interface ProcessorColumns {
  /** Alterations now inside the instance [1, >= 0] - the guard. */
  readonly guard: Int32Array | number[];
  /** 1 if the last alteration to leave is to close the instance. */
  readonly closePending: Uint8Array | number[];
  /**
   * Calls ClosePrintProcessor, which releases everything that the open acquired.
   * @throws Error if the instance is closed already, or is an orphan
   */
  closeProcessor(instance: number): void;
}

export interface Spooler {
  readonly name: string;
  /** One sentence. */
  readonly meaning: string;
  /** True if the spooler closes every instance that it opens: a leak of 0 is then certain, not just an observation. */
  readonly cannotLeak?: true;
  /**
   * Why it does not close a print processor with an alteration inside, in words of its source that the story quotes.
   */
  readonly skipsBecause?: string;
  /** A port thread has opened the instance. */
  open(processors: ProcessorColumns, instance: number): void;
  /** An alteration enters the instance. */
  enterAlteration(processors: ProcessorColumns, instance: number): void;
  /** An alteration leaves the instance. */
  leaveAlteration(processors: ProcessorColumns, instance: number): void;
  /** The port thread attempts to close the instance. */
  close(processors: ProcessorColumns, instance: number): void;
}

/** Says why a value is not a spooler; undefined if it is one. */
export function validateSpooler(part: unknown): string | undefined {
  const candidate = part as Partial<Spooler> | null;
  if (typeof candidate !== "object" || candidate === null) return "is not an object";
  for (const text of ["name", "meaning"] as const) {
    if (typeof candidate[text] !== "string") return `has no text "${text}"`;
  }
  for (const verb of ["open", "enterAlteration", "leaveAlteration", "close"] as const) {
    if (typeof candidate[verb] !== "function") return `has no verb "${verb}"`;
  }
  return undefined;
}
