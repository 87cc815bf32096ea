/**
 * Serves a folder to the browsers of this machine only.
 *
 * It listens on the loopback interface and answers only requests for names of the loopback, so that no page from
 * elsewhere can read it under another name. The files are listed at the start: a path that is not on the list does not
 * exist.
 */
import { readdir, readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { extname, join, relative, sep } from "node:path";
import { UserError } from "../lab/user-error.ts";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".yaml": "text/plain; charset=utf-8",
};

const own = ["script-src", "worker-src", "style-src", "img-src", "connect-src"].map((what) => `${what} 'self'`);

const headers = {
  "content-security-policy": ["default-src 'none'", ...own, "base-uri 'none'", "form-action 'none'"].join("; "),
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-cache",
};

/**
 * Serves a folder on the loopback interface.
 *
 * @param port 0 for any free port
 * @param more files that are not in the folder, by their paths
 * @throws UserError when the port is not available
 */
export async function serveFolder(
  folder: string,
  port: number,
  more: Readonly<Record<string, string>>,
): Promise<{ server: Server; port: number }> {
  const files = new Map<string, () => Promise<Buffer>>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(`/${relative(folder, path).split(sep).join("/")}`, () => readFile(path));
  }
  for (const [path, text] of Object.entries(more)) files.set(`/${path}`, async () => Buffer.from(text));
  const server = createServer(async (request, response) => {
    const [path = "/"] = (request.url ?? "/").split(/[?#]/, 1);
    const name = path === "/" ? "/index.html" : path;
    const file = files.get(name);
    const isOurs = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(request.headers.host ?? "");
    const isRead = request.method === "GET" || request.method === "HEAD";
    const status = !isOurs ? 403 : !isRead ? 405 : file === undefined ? 404 : 200;
    const type = status === 200 ? types[extname(name)] : undefined;
    const body = status === 200 ? await file!() : Buffer.from(`${status}\n`);
    response.writeHead(status, { ...headers, "content-type": type ?? "text/plain; charset=utf-8" });
    response.end(request.method === "HEAD" ? undefined : body);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(new UserError(`--port ${port}: ${obstacles[error.code ?? ""] ?? error.message}`));
    });
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  return { server, port: typeof address === "object" && address !== null ? address.port : port };
}

const obstacles: Readonly<Record<string, string>> = {
  EADDRINUSE: "is in use by another program; say another, or 0 for any that is free",
  EACCES: "is not for everybody; say one from 1024 on, or 0 for any that is free",
};
