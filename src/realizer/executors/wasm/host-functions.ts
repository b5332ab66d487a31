/**
 * Functions by the names under which a program imports them. They take 32-bit numbers as numbers, and 64-bit ones as
 * bigints.
 */
// Each takes its own list of numbers, which the module's imports were checked against by the engine.
// oxlint-disable-next-line typescript/no-explicit-any
export type HostFunctions = Readonly<
  Record<string, (...parameters: any[]) => number | void | Promise<number>>
>;
