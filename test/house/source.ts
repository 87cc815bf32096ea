/**
 * What the rules of the house look at: a source, read by TypeScript's own parser, and the faults that they find in it.
 * Comments, the insides of strings and regular expressions are blanked before tokens are looked for; line and column
 * stay.
 */
import ts from "typescript";

/** Rooms, lowest first. What may import what is said, and checked, by their tsconfig.json. */
export const ROOMS = ["sim", "statistics", "models", "page", "lab", "live", "cli"];

export interface Source {
  /** From the root, with slashes. */
  readonly path: string;
  readonly text: string;
  /** The text as TypeScript reads it. */
  readonly tree: ts.SourceFile;
  /** The text with everything blank that is not code. */
  readonly code: string;
  readonly imports: readonly Import[];
}

export interface Import {
  readonly line: number;
  readonly specifier: string;
  /** The file from the root when the specifier is relative; of `#platform`, the one that Node gets. */
  readonly file: string | undefined;
  /** The package's name, or "node:" and a module. */
  readonly package: string | undefined;
  /** Whether nothing is left of it at run time: `import type`. */
  readonly typeOnly: boolean;
  /** Whether it is an `export ... from`. */
  readonly reexport: boolean;
}

export interface Fault {
  readonly path: string;
  readonly line: number;
  /** What is wrong. */
  readonly what: string;
  /** What to use, or to do, instead. */
  readonly instead: string;
}

export function faultText({ path, line, what, instead }: Fault): string {
  return `${path}:${line}: ${what}; instead: ${instead}`;
}

export function source(path: string, text: string): Source {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  return { path, text, tree, code: codeOf(tree), imports: importsOf(tree) };
}

/**
 * The text, as long as before, with spaces for all that is not code: comments, and what stands between the quotes of
 * strings and templates and the slashes of regular expressions. What a template evaluates is code.
 */
export function codeOf(file: ts.SourceFile): string {
  let code = "";
  const visit = (node: ts.Node): void => {
    const from = node.getStart(file);
    const inside = insideOf(node, file.text.slice(from, node.end));
    if (inside !== undefined) {
      code += file.text.slice(code.length, from + inside[0]);
      code += blank(file.text.slice(code.length, from + inside[1]));
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  code += file.text.slice(code.length);
  // Outside of literals, these are nothing but comments.
  return code.replaceAll(/^#!.*|\/\/.*|\/\*[\s\S]*?\*\//g, blank);
}

function blank(text: string): string {
  return text.replaceAll(/[^\n]/g, " ");
}

/** Where, in a literal's text, its contents begin and end; undefined for every other token. */
function insideOf({ kind }: ts.Node, text: string): readonly [from: number, to: number] | undefined {
  switch (kind) {
    case ts.SyntaxKind.StringLiteral:
    case ts.SyntaxKind.NoSubstitutionTemplateLiteral:
    case ts.SyntaxKind.TemplateTail:
      return [1, text.length - 1];
    case ts.SyntaxKind.TemplateHead:
    case ts.SyntaxKind.TemplateMiddle:
      return [1, text.length - 2];
    case ts.SyntaxKind.RegularExpressionLiteral:
      return [1, text.lastIndexOf("/")];
    default:
      return undefined;
  }
}

function importsOf(file: ts.SourceFile): Import[] {
  const imports: Import[] = [];
  const add = (node: ts.Node, specifier: ts.Expression | undefined, typeOnly: boolean, reexport: boolean) => {
    if (specifier === undefined || !ts.isStringLiteral(specifier)) return;
    const { text } = specifier;
    const isOwn = text.startsWith(".") || text === "#platform";
    imports.push({
      line: lineOfNode(file, node),
      specifier: text,
      file: text === "#platform" ? "lab/platform/node.ts" : isOwn ? resolved(file.fileName, text) : undefined,
      package: isOwn ? undefined : packageOf(text),
      typeOnly,
      reexport,
    });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      add(node, node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword, false);
    } else if (ts.isExportDeclaration(node)) {
      add(node, node.moduleSpecifier, node.isTypeOnly, true);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node, node.arguments[0], false, false);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return imports;
}

/** A relative path of a file, from the root. */
export function resolved(path: string, relative: string): string {
  const parts = path.split("/").slice(0, -1);
  for (const part of relative.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}

function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

export function lineOf(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}

export function lineOfNode(tree: ts.SourceFile, node: ts.Node): number {
  return tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
}

function roomOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.indexOf("/")) : "";
}

export function isIn(path: string, ...rooms: string[]): boolean {
  return rooms.includes(roomOf(path));
}

/** The faults of a pattern's matches in the code. */
export function matches(
  { path, code }: Source,
  pattern: RegExp,
  what: (match: RegExpMatchArray) => string,
  instead: string,
): Fault[] {
  return [...code.matchAll(pattern)].map((match) => {
    return { path, line: lineOf(code, match.index), what: what(match), instead };
  });
}

/** What stands between the quotes of strings and templates. */
export function textsIn(tree: ts.SourceFile): { line: number; text: string }[] {
  const found: { line: number; text: string }[] = [];
  const visit = (node: ts.Node): void => {
    const isText = ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
    if (isText) found.push({ line: lineOfNode(tree, node), text: node.text });
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

export interface Ban {
  readonly pattern: RegExp;
  readonly instead: string;
}
