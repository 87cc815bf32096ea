/**
 * Makes text from outside safe to print: control and format characters are shown as codes, so that no terminal obeys
 * them and none reorders a line. Line breaks are kept.
 */

/** Control and format characters (including bidirectional ones), line separators and unpaired surrogates, except LF. */
const UNSEEN = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Replaces every such character by \uXXXX. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (character) => {
    const code = character.codePointAt(0)!.toString(16);
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
  });
}

/** Reduces a text to one line, with \n for line breaks, so that foreign text cannot imitate the program's own lines. */
export function inLine(text: string): string {
  return text.replaceAll("\n", "\\n");
}

/** Shortens a long text to its beginning and its end. */
export function shortened(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  const left = Math.ceil(lengthMax / 2);
  const right = lengthMax - left;
  return `${text.slice(0, left)} ... ${text.length - lengthMax} characters ... ${text.slice(text.length - right)}`;
}

/** The longest message of foreign code [characters]. */
const THROWN_MAX = 1000;

/** What foreign code threw, such as a module of a user's or another program, as one line that is not too long. */
export function thrownText(thrown: unknown): string {
  return shortened(inLine(thrown instanceof Error ? thrown.message : String(thrown)), THROWN_MAX);
}
