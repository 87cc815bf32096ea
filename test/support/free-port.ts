/** Ports of this machine for servers of a test that cannot choose one themselves. */
import { once } from "node:events";
import { createServer } from "node:net";

/**
 * The system gives ports from 32768 on to whoever asks for any port, and to connections that go out: one of those could
 * be taken between its choice and its use.
 */
const FIRST = 20_000;
const LAST = 32_767;

/** A port that nothing listens on, and that the system gives to nobody. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST + 1));
    const server = createServer().listen(port, "127.0.0.1");
    const isFree = await once(server, "listening").then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, "close");
    return port;
  }
}
