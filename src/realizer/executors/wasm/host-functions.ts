/** What a function of the host takes: 32-bit numbers as numbers, 64-bit ones as bigints. */
export type HostArgument = number | bigint;

/** Functions by the names under which a program imports them. */
// Each takes its own list of numbers, which the module's imports were checked against by the engine.
// oxlint-disable-next-line typescript/no-explicit-any
export type HostFunctions = Readonly<
  Record<string, (...parameters: any[]) => number | void | Promise<number>>
>;
