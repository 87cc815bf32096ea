/**
 * A hook of Node's resolver, for a second program in this process: the modules of users that it imports are loaded
 * again, so that their own imports of "spoolsim" get that program and not this one.
 *
 * A module is loaded once per URL, so the second copy has a mark in its URL, and so have the files that it imports.
 */

const MARK = "?other-program";

/** The URL of the second program's folder, which ends in a slash. */
let folder = "";

export function initialize(url: string): void {
  folder = url;
}

interface Context {
  readonly parentURL?: string | undefined;
}

interface Resolved {
  readonly url: string;
}

/** @param next the resolver that applies without this hook */
export function resolve<Result extends Resolved | Promise<Resolved>>(
  specifier: string,
  context: Context,
  next: (specifier: string, context: Context) => Result,
): Resolved | Promise<Resolved> {
  const resolved = next(specifier, context);
  const { parentURL = "" } = context;
  if (!parentURL.startsWith(folder) && !parentURL.endsWith(MARK)) return resolved;
  return resolved instanceof Promise ? resolved.then(marked) : marked(resolved);
}

/** Packages and the program itself are not the user's. */
function marked(resolved: Resolved): Resolved {
  const { url } = resolved;
  const isOfUser = url.startsWith("file:") && !url.startsWith(folder) && !url.includes("/node_modules/");
  return isOfUser && !url.endsWith(MARK) ? { ...resolved, url: url + MARK } : resolved;
}
