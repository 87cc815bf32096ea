/**
 * Where two systems of one kind differ: the paths of all that can be reached from both and is not equal. It is the
 * judge of snapshots, so it shares nothing with them.
 */
export function stateDifferences(one: unknown, other: unknown): string[] {
  const differences: string[] = [];
  const pairs = new Map<object, object>();
  const visit = (a: unknown, b: unknown, path: string): void => {
    if (typeof a === "function" && typeof b === "function") return;
    if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) {
      if (!Object.is(a, b)) differences.push(path);
      return;
    }
    const partner = pairs.get(a);
    if (partner !== undefined) {
      if (partner !== b) differences.push(`${path} (another object)`);
      return;
    }
    pairs.set(a, b);
    if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) differences.push(`${path} (another class)`);
    else if (ArrayBuffer.isView(a)) {
      const [mine, theirs] = [a, b] as unknown as [number[], number[]];
      const isSame = mine.length === theirs.length && mine.every((value, i) => Object.is(value, theirs[i]));
      if (!isSame) differences.push(path);
    } else {
      const within = (object: object) =>
        object instanceof Map || object instanceof Set
          ? [...object].map((v, i) => [String(i), v] as const)
          : Object.entries(object);
      const [mine, theirs] = [within(a), within(b)];
      if (mine.map(([name]) => name).join() !== theirs.map(([name]) => name).join())
        differences.push(`${path} (fields)`);
      else mine.forEach(([name, value], i) => visit(value, theirs[i][1], `${path}.${name}`));
    }
  };
  visit(one, other, "");
  return differences;
}
