/** The file that piscina is given for splitting: CommonJS, for the reason that ../execution/worker-door.cts gives. */
module.exports = async (task: object): Promise<unknown> => {
  const { default: work } = await import("./splitting.ts");
  return work(task as Parameters<typeof work>[0]);
};
