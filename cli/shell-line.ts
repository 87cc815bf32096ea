/** A command as a user would type it. */

/** Words as a shell would read them. */
export function shellLine(words: readonly string[]): string {
  return words.map((word) => (/^[\w=.,/:@+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ");
}
