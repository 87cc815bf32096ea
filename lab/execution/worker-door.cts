/**
 * The file that piscina is given: CommonJS, because piscina requires it.
 *
 * Required as an ES module, the worker would be linked by Node in one piece, and a thread that is ended in the middle
 * of that (Ctrl-C in the first moments) brings the whole process down with "v8::Module::IsGraphAsync" (Node 20.20). An
 * import can be interrupted.
 */
module.exports = async (runs: object): Promise<unknown> => {
  const { default: work } = await import("./worker.ts");
  return work(runs as Parameters<typeof work>[0]);
};
