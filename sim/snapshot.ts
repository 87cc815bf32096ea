/**
 * A snapshot: the state of a simulation as bytes, from which another process can continue.
 *
 * No part registers its state. As in state.ts, the state is what can be reached through fields: numbers, strings, typed
 * arrays, arrays, maps, sets, and objects of these. It is restored onto a twin: a simulation that the same program made
 * from the same scenario, however far the twin has run. Objects of the same shape are overwritten in place; objects
 * that have grown or were created since the start are created again; functions remain those of the twin. Variables in
 * closures and #private fields cannot be seen and are not saved.
 *
 * Format: HEADER words of 32 bits (a mark, the version of the format, the length of the text in UTF-16 units, the total
 * length in bytes, a digest of all that follows the header in two lanes, and two words of 0), then the text, then the
 * bytes of the buffers. The text is JSON: the label, the lengths of the buffers, and the objects by number. Every part
 * starts at a multiple of eight bytes.
 *
 * Cost: one walk over the objects and one copy of each buffer; nothing while a simulation runs.
 */
import { Calendar } from "./calendar.ts";
import { QuaternaryHeap } from "./quaternary-heap.ts";
import { reachedFrom } from "./state.ts";
import { Page } from "./tape.ts";

const HEADER = 8;
const MARK = 0x706f6f6c;
const FORMAT = 1;

/** Identifies what a snapshot was taken of. */
export type SnapshotLabel = Readonly<Record<string, string | number>>;

/** A value: itself if JSON can express it, otherwise its sort and its text or number. */
type Coded = number | string | boolean | null | readonly [is: string, which?: string | number];

/** An object: its class and its content. The content of a record is name, value, name, value, and so on. */
type Node = readonly [name: string, holds: readonly (Coded | readonly [Coded, Coded])[]];

interface Structure {
  readonly label: SnapshotLabel;
  readonly buffers: readonly number[];
  readonly nodes: readonly Node[];
}

type View = ArrayBufferView<ArrayBuffer>;
type ViewClass = new (buffer: ArrayBuffer, byteOffset: number, length: number) => View;
type Fields = Record<string, unknown>;

const viewClasses: readonly ViewClass[] = [
  Float64Array,
  Float32Array,
  Int32Array,
  Uint32Array,
  Int16Array,
  Uint16Array,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  BigInt64Array,
  BigUint64Array,
];

/** Classes whose objects are created while a simulation runs, so that a twin may have none of them. */
const laterClasses: readonly object[] = [Calendar.prototype, QuaternaryHeap.prototype, Page.prototype];

/** Says in a few words why a snapshot cannot be used. */
export class SnapshotRefused extends Error {
  override readonly name = "SnapshotRefused";
}

/**
 * Saves what can be reached from `root`, except the objects in `except` and what only they reach.
 *
 * @example
 * const bytes = snapshotOf({ simulation, streams }, { scenario: "mine" });
 * new Snapshot(bytes).restore({ simulation: twin, streams: itsStreams });
 */
export function snapshotOf(root: object, label: SnapshotLabel, except: Iterable<object> = []): ArrayBuffer {
  const excepted = new Set(except);
  const numbers = new Map<object, number>();
  const found: object[] = [];
  const buffers: ArrayBuffer[] = [];
  const code = (value: unknown): Coded => {
    if (value === null || typeof value === "string" || typeof value === "boolean") return value;
    if (typeof value === "number") {
      return Number.isFinite(value) && !Object.is(value, -0) ? value : ["number", numberText(value)];
    }
    if (typeof value === "bigint") return ["bigint", String(value)];
    if (typeof value !== "object") return [typeof value];
    if (excepted.has(value)) return ["kept"];
    let number = numbers.get(value);
    if (number === undefined) {
      number = found.length;
      numbers.set(value, number);
      found.push(value);
    }
    return ["object", number];
  };
  const bufferNumber = (buffer: ArrayBuffer): number => {
    const at = buffers.indexOf(buffer);
    return at === -1 ? buffers.push(buffer) - 1 : at;
  };
  const nodeOf = (object: object): Node => {
    if (object instanceof ArrayBuffer) return ["ArrayBuffer", [bufferNumber(object)]];
    const name = classOf(object);
    if (ArrayBuffer.isView(object)) {
      const { buffer, byteOffset } = object as View;
      return [name, [bufferNumber(buffer), byteOffset, (object as unknown as { length: number }).length]];
    }
    if (Array.isArray(object)) return [name, object.map(code)];
    if (object instanceof Map) return [name, [...object].map(([key, value]) => [code(key), code(value)] as const)];
    if (object instanceof Set) return [name, [...object].map(code)];
    return [name, Object.entries(object).flatMap(([field, value]) => [field, code(value)])];
  };
  code(root);
  const nodes: Node[] = [];
  // `found` grows during the loop: nodeOf appends the objects to which an object refers.
  for (let at = 0; at < found.length; at++) nodes.push(nodeOf(found[at]));
  const structure: Structure = { label, buffers: buffers.map(({ byteLength }) => byteLength), nodes };
  return written(JSON.stringify(structure), buffers);
}

/** A snapshot that was read and found complete. */
export class Snapshot {
  readonly label: SnapshotLabel;
  private readonly structure: Structure;
  private readonly contents: readonly Uint8Array[];

  /** @throws SnapshotRefused if the bytes are not a snapshot, are damaged, or have another format */
  constructor(bytes: ArrayBuffer) {
    const { text, from } = checked(bytes);
    this.structure = JSON.parse(text) as Structure;
    this.label = this.structure.label;
    let at = from;
    this.contents = this.structure.buffers.map((length) => {
      const content = new Uint8Array(bytes, at, length);
      at += padded(length);
      return content;
    });
  }

  /**
   * Restores the saved state to what can be reached from `root`.
   *
   * @param except objects that are not changed; they were excepted when the snapshot was taken
   * @throws SnapshotRefused if the root has not the same classes
   */
  restore(root: object, except: Iterable<object> = []): void {
    new Restoration(this.structure, this.contents, root, new Set(except)).restore();
  }
}

class Restoration {
  private readonly structure: Structure;
  private readonly contents: readonly Uint8Array[];
  private readonly root: object;
  private readonly except: ReadonlySet<object>;
  private readonly prototypes: Map<string, object>;
  /** For each saved object, the object that now stands for it; and all objects that already stand for one. */
  private readonly standIns: object[];
  private readonly taken: Set<object>;
  private readonly buffers: ArrayBuffer[];

  constructor(structure: Structure, contents: readonly Uint8Array[], root: object, except: ReadonlySet<object>) {
    this.structure = structure;
    this.contents = contents;
    this.root = root;
    this.except = except;
    this.prototypes = new Map();
    this.standIns = [];
    this.taken = new Set();
    this.buffers = [];
  }

  restore(): void {
    const known = [...laterClasses, ...[...reachedFrom(this.root)].map((object) => Object.getPrototypeOf(object))];
    for (const prototype of known as (object | null)[]) {
      if (prototype === null) continue;
      const { name } = prototype.constructor;
      const other = this.prototypes.get(name) ?? prototype;
      if (other !== prototype) throw new SnapshotRefused(`two classes of the simulation are named ${name}`);
      this.prototypes.set(name, prototype);
    }
    this.object(0, this.root);
  }

  /** The object with this number: `mine` if that has the right class and is free. */
  private object(number: number, mine: unknown): object {
    const standIn = this.standIns[number];
    if (standIn !== undefined) return standIn;
    const [name, holds] = this.structure.nodes[number];
    const isMine = typeof mine === "object" && mine !== null && !this.taken.has(mine) && !this.except.has(mine);
    // A saved state may share a full page.
    const former = isMine && classOf(mine) === name && !(mine instanceof Page) ? mine : undefined;
    const viewClass = viewClasses.find((one) => one.name === name);
    if (viewClass !== undefined) return this.take(number, this.view(viewClass, holds as number[], former));
    if (name === "ArrayBuffer") return this.take(number, this.buffer(holds[0] as number, former));
    const object = this.take(number, former ?? this.made(name));
    if (object instanceof Map) this.fillMap(object, holds as [Coded, Coded][]);
    else if (object instanceof Set) this.fillSet(object, holds as Coded[]);
    else if (Array.isArray(object)) this.fillArray(object, holds as Coded[]);
    else this.fillFields(object as Fields, holds as Coded[]);
    return object;
  }

  private take(number: number, object: object): object {
    this.standIns[number] = object;
    this.taken.add(object);
    return object;
  }

  private made(name: string): object {
    if (name === "Array") return [];
    if (name === "Map") return new Map();
    if (name === "Set") return new Set();
    if (name === "Object") return {};
    const prototype = this.prototypes.get(name);
    if (prototype === undefined)
      throw new SnapshotRefused(`it holds a ${name}, and the simulation knows no such class`);
    return Object.create(prototype) as object;
  }

  private value(coded: Coded, mine: unknown): unknown {
    if (!Array.isArray(coded)) return coded;
    const [is, which] = coded as readonly [string, (string | number)?];
    switch (is) {
      case "object":
        return this.object(which as number, mine);
      case "number":
        return Number(which);
      case "bigint":
        return BigInt(which!);
      case "undefined":
        return undefined;
      case "kept":
      case "function":
      case "symbol":
        return mine;
      default:
        throw new SnapshotRefused(`it holds a value of the unknown kind ${is}`);
    }
  }

  private fillFields(object: Fields, holds: readonly Coded[]): void {
    const saved = new Set<string>();
    for (let at = 0; at < holds.length; at += 2) {
      const field = holds[at] as string;
      saved.add(field);
      set(object, field, this.value(holds[at + 1], object[field]));
    }
    for (const field of Object.keys(object)) if (!saved.has(field)) delete object[field];
  }

  private fillArray(array: unknown[], holds: readonly Coded[]): void {
    if (array.length !== holds.length) array.length = holds.length;
    holds.forEach((coded, i) => set(array as unknown as Fields, String(i), this.value(coded, array[i])));
  }

  private fillMap(map: Map<unknown, unknown>, holds: readonly (readonly [Coded, Coded])[]): void {
    const former = new Map(map);
    map.clear();
    for (const [key, value] of holds) {
      const next = this.value(key, undefined);
      map.set(next, this.value(value, former.get(next)));
    }
  }

  private fillSet(members: Set<unknown>, holds: readonly Coded[]): void {
    members.clear();
    for (const member of holds) members.add(this.value(member, undefined));
  }

  /** The view at its saved offset in its buffer. Views that shared a buffer share it again. */
  private view(viewClass: ViewClass, [number, byteOffset, length]: readonly number[], mine: object | undefined): View {
    const view = mine as (View & { readonly length: number }) | undefined;
    const fits = view !== undefined && view.byteOffset === byteOffset && view.length === length;
    const buffer = this.buffer(number, fits ? view.buffer : undefined);
    return fits && view.buffer === buffer ? view : new viewClass(buffer, byteOffset, length);
  }

  /** The buffer with this number, filled: `mine` if that has the right size and is free. */
  private buffer(number: number, mine: object | undefined): ArrayBuffer {
    const known = this.buffers[number];
    if (known !== undefined) return known;
    const content = this.contents[number];
    const fits = mine instanceof ArrayBuffer && mine.byteLength === content.length && !this.taken.has(mine);
    const buffer = fits ? mine : new ArrayBuffer(content.length);
    new Uint8Array(buffer).set(content);
    this.taken.add(buffer);
    return (this.buffers[number] = buffer);
  }
}

/** Writes only changed fields: V8 treats unwritten fields as constants, and a frozen field cannot be written. */
function set(object: Fields, field: string, value: unknown): void {
  if (!Object.is(object[field], value) || !(field in object)) object[field] = value;
}

function classOf(object: object): string {
  const prototype = Object.getPrototypeOf(object) as object | null;
  return prototype === null ? "Object" : prototype.constructor.name;
}

function numberText(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

function padded(length: number): number {
  return Math.ceil(length / 8) * 8;
}

function written(text: string, buffers: readonly ArrayBuffer[]): ArrayBuffer {
  const from = 4 * HEADER + padded(2 * text.length);
  const bytes = new ArrayBuffer(buffers.reduce((sum, { byteLength }) => sum + padded(byteLength), from));
  const units = new Uint16Array(bytes, 4 * HEADER, text.length);
  for (let i = 0; i < text.length; i++) units[i] = text.charCodeAt(i);
  let at = from;
  for (const buffer of buffers) {
    new Uint8Array(bytes, at).set(new Uint8Array(buffer));
    at += padded(buffer.byteLength);
  }
  const [low, high] = digestOf(bytes, text.length);
  new Uint32Array(bytes, 0, HEADER).set([MARK, FORMAT, text.length, bytes.byteLength, low, high]);
  return bytes;
}

/** The text, and the offset at which the buffers start. @throws SnapshotRefused */
function checked(bytes: ArrayBuffer): { text: string; from: number } {
  if (bytes.byteLength < 4 * HEADER || bytes.byteLength % 8 !== 0) throw new SnapshotRefused("it is cut off");
  const [mark, format, length, whole, low, high] = new Uint32Array(bytes, 0, HEADER);
  if (mark !== MARK) throw new SnapshotRefused("it is not a snapshot, or is from a machine with another byte order");
  if (format !== FORMAT) throw new SnapshotRefused(`it has format ${format}, and this program reads ${FORMAT}`);
  const digest = digestOf(bytes, length);
  if (whole !== bytes.byteLength || low !== digest[0] || high !== digest[1]) throw new SnapshotRefused("it is damaged");
  const units = new Uint16Array(bytes, 4 * HEADER, length);
  const pieces: string[] = [];
  for (let at = 0; at < length; at += PIECE) pieces.push(String.fromCharCode(...units.subarray(at, at + PIECE)));
  return { text: pieces.join(""), from: 4 * HEADER + padded(2 * length) };
}

/** Characters per call of fromCharCode. */
const PIECE = 4096;

/**
 * Two lanes over the length of the text and all words after the header. Every step is a bijection of its lane, so a
 * single wrong word is always detected.
 */
function digestOf(bytes: ArrayBuffer, textLength: number): readonly [low: number, high: number] {
  const words = new Int32Array(bytes, 4 * HEADER);
  let low = words.length;
  let high = ~textLength;
  for (let i = 0; i < words.length; i++) {
    low = Math.imul(low ^ words[i], 0x85ebca6b);
    low ^= low >>> 15;
    high = Math.imul(high ^ words[i], 0xc2b2ae35);
    high ^= high >>> 16;
  }
  return [low >>> 0, high >>> 0];
}
