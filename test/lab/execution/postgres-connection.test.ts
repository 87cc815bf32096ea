/** lab/execution/postgres-connection.ts: what a URL, a service and the environment say, and what a URL must not say. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { connectionOf } from "../../../lab/execution/postgres-connection.ts";

/** How long a server may take to answer. */
const limit = { connectionTimeoutMillis: 10_000 };

let folder: string;
let env: NodeJS.ProcessEnv;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "spoolsim-service-"));
  const file = join(folder, "services");
  writeFileSync(
    file,
    "# ours\n[other]\nhost=elsewhere\n[lab]\nhost = db.lab\nport=6432\ndbname=runs\npassword=s e\nsslmode=require\n",
  );
  env = { PGSERVICEFILE: file };
});

after(() => rmSync(folder, { recursive: true }));

test("a URL names host, port, database and user; pg and the environment provide the rest", () => {
  const whole = { ...limit, host: "db", port: 5433, database: "runs", user: "me" };
  assert.deepEqual(connectionOf("postgres://me@db:5433/runs", {}), whole);
  assert.deepEqual(connectionOf("postgresql://", {}), limit);
  assert.deepEqual(connectionOf("postgres://[::1]:5433/", {}), { ...limit, host: "::1", port: 5433 });
  assert.deepEqual(connectionOf("postgres://", { PGCONNECT_TIMEOUT: "2" }), { connectionTimeoutMillis: 2000 });
  assert.deepEqual(connectionOf("postgres://db/a%20b?sslmode=no-verify", {}), {
    ...limit,
    host: "db",
    database: "a b",
    ssl: { rejectUnauthorized: false },
  });
});

test("a service gives the missing fields, named by the URL first or by PGSERVICE", () => {
  const lab = { ...limit, host: "db.lab", port: 6432, database: "runs", password: "s e", ssl: true };
  assert.deepEqual(connectionOf("postgres://?service=lab", env), lab);
  assert.deepEqual(connectionOf("postgres://", { ...env, PGSERVICE: "lab" }), lab);
  const other = { ...lab, host: "near", user: "me", ssl: false };
  assert.deepEqual(connectionOf("postgres://me@near?service=lab&sslmode=disable", env), other);
});

test("an impossible URL is refused without showing the password", () => {
  const refuses = (url: string, message: RegExp, environment = env) => {
    assert.throws(
      () => connectionOf(url, environment),
      (error: Error) => error.name === "UserError" && message.test(error.message) && !error.message.includes("secret"),
    );
  };
  refuses("postgres://me:secret@db/runs", /^queue holds a password/);
  refuses("postgres://me:secret@db:port/runs", /^queue is not a URL of PostgreSQL/);
  refuses("mysql://db/runs", /^queue is not a URL of PostgreSQL/);
  refuses("postgres://db?password=secret", /^queue has the unknown parameter password/);
  refuses("postgres://db?sslmode=perhaps", /^sslmode is perhaps; one of disable/);
  refuses("postgres://db/%secret", /^queue is not a URL of PostgreSQL/);
  refuses("postgres://db/runs#secret", /^queue is not a URL of PostgreSQL/);
  refuses("postgres://db:0/runs", /^the port of the queue is 0; a whole number in \[1, 65535\]$/);
  refuses("postgres://db/runs", /^PGPORT is abc; a whole number in \[1, 65535\]$/, { PGPORT: "abc" });
  refuses("postgres://db/runs", /^PGSSLMODE is requir; one of disable, .*, allow, prefer$/, { PGSSLMODE: "requir" });
  refuses("postgres://?service=nowhere", /^the service nowhere is not in /);
  refuses("postgres://?service=lab", /^the service file .* does not exist$/, {
    PGSERVICEFILE: join(folder, "none"),
  });
});
