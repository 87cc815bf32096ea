/** A PostgreSQL server for a test: in a folder and on a port of its own, with a user who has a password. */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chown, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { existsSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import pg from "pg";
import { freePort } from "./free-port.ts";
import { programPath } from "./programs.ts";

const PASSWORD = "a secret of the test";

/** Where initdb and postgres are: the newest of Debian's, or those of the path. */
const folder = newestFolder() ?? (programPath("postgres") === undefined ? undefined : "");

export const needsPostgres = folder === undefined ? " (needs PostgreSQL, which is not here: not tested)" : "";

export interface Postgres {
  /** Without the password. */
  readonly url: string;
  readonly password: string;
  /** The environment in which the password is found. */
  readonly env: NodeJS.ProcessEnv;
  /** Stops the server at once, as a crash would, and starts it again after what happens meanwhile. */
  restart(meanwhile?: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

export async function startPostgres(): Promise<Postgres> {
  const base = await mkdtemp(join(tmpdir(), "spoolsim-postgres-"));
  const data = join(base, "data");
  // The server refuses the superuser, and tests in a container often run as superuser.
  const owner = process.getuid?.() === 0 ? { uid: idOf("-u"), gid: idOf("-g") } : {};
  await mkdir(data);
  await writeFile(join(base, "password"), PASSWORD);
  if (owner.uid !== undefined)
    for (const path of [base, data, join(base, "password")]) await chown(path, owner.uid, owner.gid);
  const words = ["-D", data, "-U", "lab", "-A", "scram-sha-256", `--pwfile=${join(base, "password")}`, "--no-sync"];
  execFileSync(programOf("initdb"), words, { ...owner, cwd: base, stdio: "ignore" });
  const port = await freePort();
  let server: ChildProcess;
  const start = async () => {
    const options = ["-p", String(port), "-k", base, "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"];
    // After a crash the server refuses to start until the last process of the old one is gone.
    for (;;) {
      server = spawn(programOf("postgres"), ["-D", data, ...options], { ...owner, cwd: base, stdio: "ignore" });
      while (server.exitCode === null) {
        if (await answers(port)) return;
        await setTimeout(50);
      }
    }
  };
  const end = async (signal: NodeJS.Signals) => {
    const ended = once(server, "exit");
    server.kill(signal);
    await ended;
  };
  await start();
  return {
    url: `postgres://lab@127.0.0.1:${port}/postgres`,
    password: PASSWORD,
    env: { ...process.env, PGPASSWORD: PASSWORD },
    async restart(meanwhile) {
      await end("SIGQUIT");
      await meanwhile?.();
      await start();
    },
    async stop() {
      await end("SIGINT");
      await rm(base, { recursive: true, force: true });
    },
  };
}

/** A server that is starting listens before it lets anybody in. */
async function answers(port: number): Promise<boolean> {
  const client = new pg.Client({ host: "127.0.0.1", port, user: "lab", password: PASSWORD, database: "postgres" });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function newestFolder(): string | undefined {
  const all = "/usr/lib/postgresql";
  const versions = existsSync(all) ? readdirSync(all).sort((a, b) => Number(a) - Number(b)) : [];
  return versions.map((version) => join(all, version, "bin")).findLast((bin) => existsSync(join(bin, "initdb")));
}

function programOf(name: string): string {
  return folder === "" ? programPath(name)! : join(folder!, name);
}

/** A number of the user nobody. */
function idOf(option: "-u" | "-g"): number {
  return Number(execFileSync("id", [option, "nobody"], { encoding: "utf8" }));
}
