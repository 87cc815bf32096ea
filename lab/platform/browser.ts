/**
 * What the lab asks of the engine that it runs on: here, a browser, in a page or in a worker. A browser has no files,
 * so the models are those that ship, and no flags for its compiler. A page's policy may forbid it to evaluate text, and
 * to try would be an error in its console, so a simulation does not.
 */

const { port1: sender, port2: receiver } = new MessageChannel();
const waiting: (() => void)[] = [];
(receiver as { onmessage?: () => void }).onmessage = () => waiting.shift()!();

/** Lets the event loop have its turn. A message comes at once, where a timer would wait 4 ms. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    sender.postMessage(undefined);
  });
}

/** A path stays as it was said: it leads nowhere. */
export function absolutePath(_folder: string, file: string): string {
  return file;
}

/** What a stack would call a module. */
export function moduleUrl(path: string): string {
  return path;
}

/** Why a user's module does not load. */
export async function importModule(path: string): Promise<{ exported: unknown } | { fault: string }> {
  return { fault: `there is no module ${path} in a browser, which runs what ships` };
}

/** A simulation that goes on for long keeps the common loop. */
export function specialize(): void {}
