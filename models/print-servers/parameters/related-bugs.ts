/**
 * The parameters of the related bugs: whether the fleet has each, and how often it is triggered. Each is named after
 * its article. If it is absent (the default), nothing happens and nothing is drawn. If it is fixed, where NT 4.0 has a
 * fix, its trigger happens and leaks nothing. If it is present, it leaks on all servers except those that run the files
 * with the fix: models/print-servers/patching/patch-state.ts.
 */
import { choice, number, onOff, share, whole } from "../../define-parameters.ts";

const MiB = 1024 * 1024;

export const relatedBugParameters = {
  Q224345: choice(
    "absent",
    ["absent", "present", "fixed"],
    "a failed close of a remote printer leaks 3 handles",
    "Q224345; fixed by the hotfix (Q225095) and SP6",
  ),
  remoteShare: share(0.1, "share of jobs whose printer is remote and is closed by RPC", "assumption"),
  remoteCloseFailShare: share(0.05, "share of closes of remote printers that fail", "assumption"),
  remoteCloseBytes: whole(
    "B",
    4096,
    [0, MiB],
    "private bytes leaked by a failed close of a remote printer",
    "assumption",
  ),

  Q223791: choice(
    "absent",
    ["absent", "present", "fixed"],
    "the LPR monitor leaks when a printer disconnects, and every 4 s until it reconnects",
    "Q223791; fixed by the hotfix (Q225095) and SP6",
  ),
  lprOutagesPerDay: number("1/d", 2, [0.001, 1e4], "disconnections of LPR printers per day: Event 2004", "assumption"),
  lprOutageSecondsMean: number(
    "s",
    600,
    [0.001, 1e6],
    "mean time until a disconnected LPR printer reconnects; exponential",
    "assumption",
  ),
  lprLeakBytes: whole(
    "B",
    1024,
    [0, MiB],
    "private bytes leaked by a disconnection or a retry of an LPR printer",
    "assumption",
  ),

  Q226513: choice(
    "absent",
    ["absent", "present", "fixed"],
    "a job that comes through a named pipe leaks nonpaged pool in proportion to its size",
    "Q226513; fixed by SP6",
  ),
  pipedShare: share(0.1, "share of jobs that come through a named pipe", "assumption"),
  pipedPoolShare: number(
    "B/B",
    0.05,
    [0, 10],
    "nonpaged pool leaked per byte of a job that comes through a named pipe",
    "assumption",
  ),
  nonpagedPoolBytesBase: whole(
    "B",
    6 * MiB,
    [0, 128 * MiB],
    "nonpaged pool in use by the rest of the system",
    "assumption",
  ),
  nonpagedPoolBytesMax: whole(
    "B",
    1024 * (1024 + 124 * 400),
    [1, 1e12],
    "largest nonpaged pool",
    "Q126402: 1 MiB, and 400 KiB for each MiB of memory beyond 4; this is the value for 128 MiB",
  ),

  Q283102: choice(
    "absent",
    ["absent", "present"],
    "a pop-up to a user who is not logged on stays in paged pool",
    "Q283102; not fixed on NT 4.0",
  ),
  netPopUp: onOff(
    true,
    "a pop-up tells the user that a job is printed; off is the article's workaround, NetPopUp = 0",
    "Q283102",
  ),
  popUpLostShare: share(
    0.2,
    "share of jobs whose user is not logged on",
    "assumption; 1 if a service account submits all jobs",
  ),
  popUpBytes: whole(
    "B",
    2048,
    [0, MiB],
    "paged pool of a pop-up to a user who is not logged on",
    'assumption; with this value, 10,000 jobs a day of a service account fill 172 MiB in 9 days; Q283102: "one week or more"',
  ),

  Q182333: choice(
    "absent",
    ["absent", "present"],
    "the pipes of clients do not time out",
    "Q182333; the fix (SP4) belongs on the clients: see unpatchedShare",
  ),
  clients: whole("1", 250, [1, 1e5], "number of clients, all equally likely to submit", "assumption"),
  unpatchedShare: share(1, "share of clients without the fix of Q182333", "assumption: no client has the fix"),
  pipesPerClientMax: whole(
    "1",
    100,
    [1, 65535],
    "maximum number of pipes that an unpatched client leaves open; each is a handle",
    'assumption; Q182333: "a high number for any one user"',
  ),
  handlesMax: whole(
    "1",
    15000,
    [1, 1e9],
    "number of handles beyond which RPC Server Too Busy occurs",
    "assumption; Q182333 reports more than 15,000 handles and RPC Server Too Busy side by side, but no ceiling",
  ),

  Q247408: choice(
    "absent",
    ["absent", "present"],
    "two calls to pause or resume jobs in quick succession hang the service",
    "Q247408; not fixed on NT 4.0",
  ),
  raceWindowMs: number(
    "ms",
    0.05,
    [0.001, 60000],
    "two calls to pause or resume jobs race if the second comes within this time of the first",
    "assumption; with this value, a server on which every job is held and released hangs about once in two weeks",
  ),
} as const;
