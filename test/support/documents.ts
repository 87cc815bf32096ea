/** What a document shows. */

/** The words after spoolsim: of lines of code that begin with it, and of code within a sentence. */
export function commandsOf(document: string): string[] {
  let isCode = false;
  const lines = document.replace(/\\\n\s*/g, "").split("\n");
  const code = lines.filter((line) => {
    if (line.startsWith("```")) isCode = !isCode;
    return isCode || line.startsWith("    ");
  });
  const prose = lines.filter((line) => !code.includes(line)).join("\n");
  const start = "(?:npx |node )?spoolsim(?:\\.mjs)?";
  return [
    ...code.flatMap((line) => new RegExp(`^\\s*(?:\\$ )?${start} (.*?)(?:\\s+[#|] .*)?$`).exec(line)?.[1] ?? []),
    ...[...prose.matchAll(new RegExp(`\`${start}\\s+([^\`]+)\``, "g"))].map(([, words]) =>
      words.trim().replace(/\s+/g, " "),
    ),
  ];
}
