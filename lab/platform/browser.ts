/**
 * What the lab needs from its platform: the version for browsers, for pages and workers. A browser has no files, so the
 * models are those that ship, and no compiler flags. The policy of a page may forbid evaluating text, and even trying
 * would put an error in its console, so simulations do not try.
 */

const { port1: sender, port2: receiver } = new MessageChannel();
const waiting: (() => void)[] = [];
(receiver as { onmessage?: () => void }).onmessage = () => waiting.shift()!();

/** Yields to the event loop. A message arrives at once, where a timer would wait 4 ms. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    sender.postMessage(undefined);
  });
}

/** Returns the path unchanged: a browser has no file system. */
export function absolutePath(_folder: string, file: string): string {
  return file;
}

/** The name of a module in a stack trace. */
export function moduleUrl(path: string): string {
  return path;
}

/** Why a user's module cannot be loaded. */
export async function importModule(path: string): Promise<{ exported: unknown } | { fault: string }> {
  return { fault: `a browser runs only built-in models, not the module ${path}` };
}

/** Does nothing: long simulations keep the common loop. */
export function specialize(): void {}
