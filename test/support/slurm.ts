/** A Slurm of one node, for a test: its daemons, in a folder of their own and on ports of their own. */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "./free-port.ts";
import { needs, programPath } from "./programs.ts";
import { until } from "./waiting.ts";

const run = promisify(execFile);

export const needsSlurm = needs("Slurm and munge", "slurmctld", "slurmd", "sbatch", "squeue", "munged");

export interface Slurm {
  /** The environment in which sbatch finds it. */
  readonly env: NodeJS.ProcessEnv;
  /** Waits until no job is left. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

export async function startSlurm(folder: string): Promise<Slurm> {
  const inFolder = (name: string) => join(folder, name);
  for (const name of ["state", "spool"]) await mkdir(inFolder(name), { recursive: true });
  await writeFile(inFolder("munge.key"), randomBytes(1024), { mode: 0o400 });
  const [host] = hostname().split(".");
  const { username } = userInfo();
  await writeFile(
    inFolder("slurm.conf"),
    `ClusterName=test
SlurmctldHost=${host}(127.0.0.1)
SlurmUser=${username}
SlurmdUser=${username}
AuthType=auth/munge
AuthInfo=socket=${inFolder("munge.socket")}
CredType=cred/munge
SlurmctldPort=${await freePort()}
SlurmdPort=${await freePort()}
SlurmctldPidFile=${inFolder("slurmctld.pid")}
SlurmdPidFile=${inFolder("slurmd.pid")}
SlurmctldLogFile=${inFolder("slurmctld.log")}
SlurmdLogFile=${inFolder("slurmd.log")}
StateSaveLocation=${inFolder("state")}
SlurmdSpoolDir=${inFolder("spool")}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=batch_sched_delay=0,sched_min_interval=100000
MailProg=/bin/true
ReturnToService=2
NodeName=${host} NodeAddr=127.0.0.1 CPUs=2 RealMemory=4000 State=UNKNOWN
PartitionName=all Nodes=${host} Default=YES MaxTime=INFINITE State=UP
`,
  );
  const env = { ...process.env, SLURM_CONF: inFolder("slurm.conf") };
  const daemons: ChildProcess[] = [];
  const start = (name: string, ...words: string[]) => {
    daemons.push(spawn(programPath(name)!, words, { env, stdio: "ignore" }));
  };
  const file = (option: string, name: string) => `--${option}=${inFolder(name)}`;
  start(
    "munged",
    "--foreground",
    "--force",
    file("key-file", "munge.key"),
    file("socket", "munge.socket"),
    file("pid-file", "munged.pid"),
    file("log-file", "munged.log"),
    file("seed-file", "munged.seed"),
  );
  await until("munged to listen", () => isListening(inFolder("munge.socket")));
  start("slurmctld", "-D", "-f", env.SLURM_CONF);
  start("slurmd", "-D", "-f", env.SLURM_CONF, "-N", host);
  const answers = async (program: string, ...words: string[]) => {
    return (await run(programPath(program)!, words, { env }).catch(() => ({ stdout: "?" }))).stdout.trim();
  };
  await until("Slurm's node to be idle", async () => (await answers("sinfo", "-h", "-o", "%t")) === "idle");
  return {
    env,
    idle: () => until("Slurm's jobs to end", async () => (await answers("squeue", "-h")) === ""),
    async stop() {
      for (const daemon of daemons.reverse()) {
        if (daemon.exitCode !== null || daemon.signalCode !== null) continue;
        const ended = once(daemon, "exit");
        daemon.kill("SIGTERM");
        await ended;
      }
    },
  };
}

/** Whether somebody listens on the socket. */
async function isListening(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
