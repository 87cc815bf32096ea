/** A file whose hash is computed while it is written. */
import { createHash, type Hash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import type { WrittenFile } from "./manifest.ts";

export class HashedFile {
  private readonly path: string;
  private readonly handle: FileHandle;
  private readonly fail: (error: Error) => never;
  private readonly hash: Hash;
  private bytes: number;

  constructor(path: string, handle: FileHandle, fail: (error: Error) => never) {
    this.path = path;
    this.handle = handle;
    this.fail = fail;
    this.hash = createHash("sha256");
    this.bytes = 0;
  }

  async append(text: string): Promise<void> {
    const piece = Buffer.from(text);
    this.hash.update(piece);
    this.bytes += piece.length;
    await this.handle.writeFile(piece).catch(this.fail);
  }

  /** Writes the remaining bytes and flushes the file to disk. */
  async finish(): Promise<WrittenFile> {
    await this.handle.sync().catch(this.fail);
    await this.close();
    return { path: this.path, bytes: this.bytes, sha256: this.hash.copy().digest("hex") };
  }

  /** May be called more than once. */
  async close(): Promise<void> {
    await this.handle.close();
  }
}
