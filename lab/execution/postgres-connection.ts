/**
 * How to reach a PostgreSQL server: from a URL, the environment (PGHOST, PGUSER, PGPASSWORD, ...), a service file and
 * ~/.pgpass. A URL must not contain a password, because all users of a machine can see the arguments of its commands.
 */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { ClientConfig } from "pg";
import { refuseUnreadable } from "../read-text.ts";
import { UserError, argument } from "../user-error.ts";

/** The keys of a section of a service file, and pg's names for them. */
const FIELDS = { host: "host", port: "port", dbname: "database", user: "user", password: "password" } as const;
/** How long to wait for a server, unless PGCONNECT_TIMEOUT says otherwise [s]. */
const CONNECT_SECONDS = 10;
const SSL = {
  disable: false,
  "no-verify": { rejectUnauthorized: false },
  require: true,
  "verify-ca": true,
  "verify-full": true,
} as const;

/**
 * Builds the connection settings.
 *
 * @param url postgres://USER@HOST:PORT/DATABASE?service=NAME&sslmode=MODE; every part after the slashes is optional,
 *   and pg takes from the environment what neither the URL nor the service gives
 * @throws UserError
 */
export function connectionOf(url: string, env: NodeJS.ProcessEnv): ClientConfig {
  const parts = /^postgres(ql)?:\/\//.test(url) && URL.canParse(url) ? new URL(url) : undefined;
  const [host, database, user] = [parts?.hostname, parts?.pathname.slice(1), parts?.username].map(decoded);
  // The message does not show the URL, which may hold a password.
  if (parts === undefined || host === undefined || database === undefined || user === undefined || parts.hash !== "") {
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
    throw new UserError(argument("queue"), ` has the unknown parameter ${name}; it takes service and sslmode`);
  }
  const section = service === undefined ? {} : sectionOf(service, env);
  const mode = sslmode ?? section.sslmode;
  if (mode !== undefined && !Object.hasOwn(SSL, mode)) {
    throw new UserError(`sslmode is ${mode}; one of ${Object.keys(SSL).join(", ")}`);
  }
  const fields = Object.entries(FIELDS).map(([name, field]) => [field, section[name]] as const);
  // An IPv6 address is in brackets.
  const ofUrl = { host: host.replace(/^\[(.*)\]$/, "$1"), port: parts.port, database, user };
  const all = [...fields, ...Object.entries(ofUrl)].filter(([, value]) => value !== undefined && value !== "");
  const { port, ...rest } = Object.fromEntries(all) as Record<string, string>;
  refuseBadPort("the port of the queue", port);
  refuseBadPort("PGPORT", port === undefined ? env.PGPORT : undefined);
  const { PGSSLMODE: ofEnvironment = "prefer" } = env;
  // pg treats every mode that it does not know as "no TLS".
  const modes = [...Object.keys(SSL), "allow", "prefer"];
  if (mode === undefined && !modes.includes(ofEnvironment)) {
    throw new UserError(`PGSSLMODE is ${ofEnvironment}; one of ${modes.join(", ")}`);
  }
  return {
    connectionTimeoutMillis: 1000 * (Number(env.PGCONNECT_TIMEOUT) || CONNECT_SECONDS),
    ...rest,
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(mode === undefined ? {} : { ssl: SSL[mode as keyof typeof SSL] }),
  };
}

/** Decodes a part of a URL; undefined when it is malformed. */
function decoded(part: string | undefined): string | undefined {
  try {
    return part && decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

/** @throws UserError */
function refuseBadPort(name: string, port: string | undefined): void {
  if (port === undefined || port === "" || (/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65535))
    return;
  throw new UserError(`${name} is ${port}; a whole number in [1, 65535]`);
}

/** Reads a section of the service file. @throws UserError */
function sectionOf(service: string, env: NodeJS.ProcessEnv): Record<string, string> {
  const file = env.PGSERVICEFILE ?? join(homedir(), ".pg_service.conf");
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    refuseUnreadable(error, `the service file ${file}`);
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
