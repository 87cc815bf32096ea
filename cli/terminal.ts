/**
 * The terminal of the output: its width, and whether it has colours.
 *
 * A pipe or a file has neither, so it gets the same bytes anywhere. FORCE_COLOR turns colours on, unless it is 0;
 * NO_COLOR and TERM=dumb turn them off.
 */

export interface Terminal {
  /** Infinity where lines may be as long as they like. */
  readonly columns: number;
  readonly hasColours: boolean;
}

/** What text is marked with: a heading, something that need not be looked at, something that is wrong. */
export type Tone = "heading" | "faint" | "wrong";

/** Select graphic rendition: what begins a tone, and what ends it. */
const renditions: Readonly<Record<Tone, readonly [begin: number, end: number]>> = {
  heading: [1, 22],
  faint: [2, 22],
  wrong: [31, 39],
};

type Stream = Partial<Pick<NodeJS.WriteStream, "isTTY" | "columns">>;

export function terminalOf(
  { isTTY = false, columns }: Stream = process.stdout,
  { FORCE_COLOR, NO_COLOR, TERM }: NodeJS.ProcessEnv = process.env,
): Terminal {
  const isWanted = isTTY && (NO_COLOR ?? "") === "" && TERM !== "dumb";
  return {
    // Some terminals do not know how wide they are, and say 0.
    columns: isTTY && columns !== undefined && columns > 0 ? columns : Infinity,
    hasColours: FORCE_COLOR === undefined ? isWanted : !["0", "false"].includes(FORCE_COLOR),
  };
}

/** The text in its tone, line by line. */
export function toned(text: string, tone: Tone | undefined, { hasColours }: Terminal): string {
  if (tone === undefined || !hasColours) return text;
  const [begin, end] = renditions[tone];
  return text
    .split("\n")
    .map((line) => (line === "" ? "" : `\x1b[${begin}m${line}\x1b[${end}m`))
    .join("\n");
}

const RENDITION = new RegExp(`\\x1b\\[(?:${Object.values(renditions).flat().join("|")})m`, "g");

/** The text changed, but for the tones in it. */
export function renditionsKept(text: string, change: (part: string) => string): string {
  const tones = text.match(RENDITION) ?? [];
  return text
    .split(RENDITION)
    .map((part, i) => change(part) + (tones[i] ?? ""))
    .join("");
}

/** The text in lines of at most so many columns, broken between words; a longer word has a line of its own. */
export function wrapped(text: string, columns: number): string {
  return text
    .split("\n")
    .map((line) => {
      let length = 0;
      return line
        .split(" ")
        .map((word, i) => {
          const isFull = i > 0 && length + 1 + word.length > columns;
          length = isFull || i === 0 ? word.length : length + 1 + word.length;
          return `${i === 0 ? "" : isFull ? "\n" : " "}${word}`;
        })
        .join("");
    })
    .join("\n");
}
