/**
 * How to reach a PostgreSQL server: from a URL, the environment (PGHOST, PGUSER, PGPASSWORD, ...), a service file and
 * ~/.pgpass. A URL must not contain a password, because all users of a machine can see the arguments of its commands.
 */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { ClientConfig } from "pg";
import { UserError, argument } from "../user-error.ts";

/** What a section of a service file may say, and what pg calls it. */
const FIELDS = { host: "host", port: "port", dbname: "database", user: "user", password: "password" } as const;
const SSL = {
  disable: false,
  "no-verify": { rejectUnauthorized: false },
  require: true,
  "verify-ca": true,
  "verify-full": true,
} as const;

/**
 * @param url postgres://USER@HOST:PORT/DATABASE?service=NAME&sslmode=MODE, whose parts after the slashes may be left
 *   out; what neither it nor a service says, pg takes from the environment
 * @throws UserError
 */
export function connectionOf(url: string, env: NodeJS.ProcessEnv): ClientConfig {
  const parts = /^postgres(ql)?:\/\//.test(url) && URL.canParse(url) ? new URL(url) : undefined;
  // The URL itself is not shown: it may hold a password.
  if (parts === undefined) {
    throw new UserError(argument("queue"), " is not a URL of PostgreSQL, such as postgres://host/database");
  }
  if (parts.password !== "") {
    throw new UserError(
      argument("queue"),
      " holds a password, which others could see; use PGPASSWORD, ~/.pgpass or a service file instead",
    );
  }
  const options = Object.fromEntries(parts.searchParams);
  const { service = env.PGSERVICE, sslmode, ...others } = options;
  for (const name of Object.keys(others)) {
    throw new UserError(argument("queue"), ` says ${name}, which is not known; it takes service and sslmode`);
  }
  const section = service === undefined ? {} : sectionOf(service, env);
  const mode = sslmode ?? section.sslmode;
  if (mode !== undefined && !Object.hasOwn(SSL, mode)) {
    throw new UserError(`sslmode is ${mode}; one of ${Object.keys(SSL).join(", ")}`);
  }
  const fields = Object.entries(FIELDS).map(([name, field]) => [field, section[name]] as const);
  const ofUrl = {
    host: decodeURIComponent(parts.hostname),
    port: parts.port,
    database: decodeURIComponent(parts.pathname.slice(1)),
    user: decodeURIComponent(parts.username),
  };
  const all = [...fields, ...Object.entries(ofUrl)].filter(([, value]) => value !== undefined && value !== "");
  const { port, ...rest } = Object.fromEntries(all) as Record<string, string>;
  return {
    ...rest,
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(mode === undefined ? {} : { ssl: SSL[mode as keyof typeof SSL] }),
  };
}

/** A section of the service file. @throws UserError */
function sectionOf(service: string, env: NodeJS.ProcessEnv): Record<string, string> {
  const file = env.PGSERVICEFILE ?? join(homedir(), ".pg_service.conf");
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new UserError(`the service file ${file} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  const section: Record<string, string> = {};
  let isWithin = false;
  let isThere = false;
  for (const line of text.split("\n").map((one) => one.trim())) {
    if (line.startsWith("[")) isWithin = line === `[${service}]`;
    isThere ||= isWithin;
    const [, name, value] = /^(\w+)\s*=\s*(.*)$/.exec(line) ?? [];
    if (isWithin && name !== undefined && value !== undefined) section[name] = value;
  }
  if (!isThere) throw new UserError(`the service ${service} is not in ${file}`);
  return section;
}
