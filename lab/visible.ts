/**
 * Makes text from outside safe to print: control and format characters are shown as codes, so that no terminal obeys
 * them and none reorders a line. Line breaks are kept.
 */

/** Controls, formats (bidirectional ones among them), line separators and halves of characters, but for the LF. */
const UNSEEN = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** The text with every such character as \uXXXX. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (character) => {
    const code = character.codePointAt(0)!.toString(16);
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
  });
}

/** The text in one line, with a line break as \n: what others say cannot look like a line of the program's own. */
export function inLine(text: string): string {
  return text.replaceAll("\n", "\\n");
}

/** The text, and of a long one its beginning and its end. */
export function shortened(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  const left = Math.ceil(lengthMax / 2);
  const right = lengthMax - left;
  return `${text.slice(0, left)} ... ${text.length - lengthMax} characters ... ${text.slice(text.length - right)}`;
}
