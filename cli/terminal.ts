/**
 * The terminal of the output: its width, and whether it has colours.
 *
 * A pipe or a file has neither, so it gets the same bytes anywhere. FORCE_COLOR turns colours on, unless it is 0;
 * NO_COLOR and TERM=dumb turn them off.
 */

export interface Terminal {
  /** Infinity if lines may have any length. */
  readonly columns: number;
  readonly hasColours: boolean;
}

/** The markings of text: a heading, something unimportant, something wrong. */
export type Tone = "heading" | "faint" | "wrong";

/** SGR escape codes that begin and end a tone. */
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
    // Some terminals do not know their width and report 0.
    columns: isTTY && columns !== undefined && columns > 0 ? columns : Infinity,
    hasColours: FORCE_COLOR === undefined ? isWanted : !["0", "false"].includes(FORCE_COLOR),
  };
}

/** Marks the text with the tone, line by line. */
export function toned(text: string, tone: Tone | undefined, { hasColours }: Terminal): string {
  if (tone === undefined || !hasColours) return text;
  const [begin, end] = renditions[tone];
  return text
    .split("\n")
    .map((line) => (line === "" ? "" : `\x1b[${begin}m${line}\x1b[${end}m`))
    .join("\n");
}

const RENDITION = new RegExp(`\\x1b\\[(?:${Object.values(renditions).flat().join("|")})m`, "g");

/** Applies a change to the text, but not to the escape codes of its tones. */
export function renditionsKept(text: string, change: (part: string) => string): string {
  const tones = text.match(RENDITION) ?? [];
  return text
    .split(RENDITION)
    .map((part, i) => change(part) + (tones[i] ?? ""))
    .join("");
}

/** Breaks the text between words into lines of at most so many columns; a longer word gets its own line. */
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
