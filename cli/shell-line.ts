/** A command as a user would type it. */

/** Quotes words for a shell. */
export function shellLine(words: readonly string[]): string {
  return words.map((word) => (/^[\w=.,/:@+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ");
}
