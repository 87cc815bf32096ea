/** Rules of the house about package.json, the lock file and the links of documents. */
import { type Fault, lineOf, resolved } from "./source.ts";

interface PackageJson {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** Every package asked for by package.json, with its version and line. */
function dependenciesOf(text: string): { name: string; version: string; line: number }[] {
  const { dependencies, devDependencies } = JSON.parse(text) as PackageJson;
  const lines = text.split("\n");
  return Object.entries({ ...dependencies, ...devDependencies }).map(([name, version]) => ({
    name,
    version,
    line: lines.findIndex((line) => line.trim().startsWith(`"${name}":`) && line.includes(version)) + 1,
  }));
}

export function versionsArePinned(path: string, text: string): Fault[] {
  return dependenciesOf(text)
    .filter(({ version }) => !/^(npm:[\w@/-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    .map(({ name, version, line }) => ({ path, line, what: `${name} is "${version}"`, instead: "one exact version" }));
}

export function lockNamesNoRegistry(path: string, text: string): Fault[] {
  return text
    .split("\n")
    .flatMap((line, i) =>
      /^\s*"resolved":/.test(line)
        ? [{ path, line: i + 1, what: "names a registry", instead: "omit-lockfile-registry-resolved in .npmrc" }]
        : [],
    );
}

/** @param decisions the text of docs/decisions.md; the types of a package are decided with it */
export function dependenciesAreDecisions(path: string, text: string, decisions: string): Fault[] {
  return dependenciesOf(text)
    .filter(({ name }) => {
      const word = name.replace(/^@types\//, "").replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
      return !new RegExp(`(^|[^\\w-])${word}($|[^\\w-])`, "im").test(decisions);
    })
    .map(({ name, line }) => ({ path, line, what: `${name} is no decision`, instead: "say why in docs/decisions.md" }));
}

/** @param exists whether there is a file or folder at a path from the root */
export function linksLeadSomewhere(path: string, text: string, exists: (path: string) => boolean): Fault[] {
  const blank = (code: string) => code.replaceAll(/[^\n]/g, " ");
  const prose = text.replaceAll(/^```[\s\S]*?^```/gm, blank).replaceAll(/`[^`\n]*`/g, blank);
  const inline = [...prose.matchAll(/\]\(<?([^)\s>]+)[^)]*\)/g)];
  const referenced = [...prose.matchAll(/^\[[^\]]+\]:\s*<?([^\s>]+)/gm)];
  return [...inline, ...referenced].flatMap((match) => {
    const target = decodeURI(match[1].replace(/#.*$/, ""));
    if (target === "" || /^[a-z][a-z+.-]*:/i.test(target)) return [];
    if (exists(resolved(path, target))) return [];
    return [{ path, line: lineOf(prose, match.index), what: `links to ${target}`, instead: "a file that exists" }];
  });
}
