/** The states of a print server's service (docs/model.md, section 8). */

export const RUNNING = 0;
export const STOPPING = 1;
export const DOWN = 2;
export const STARTING = 3;
export const HUNG = 4;
/** The service runs without its printers. */
export const BLIND = 5;
