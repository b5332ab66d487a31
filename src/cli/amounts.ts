import { UsageError } from './options.ts';

const secondMs = 1000;
const durations: ReadonlyMap<string, number> = new Map([
  ['s', secondMs],
  ['m', 60 * secondMs],
  ['h', 3600 * secondMs],
  ['d', 24 * 3600 * secondMs],
  ['w', 7 * 24 * 3600 * secondMs],
]);

const sizes: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['k', 1024],
  ['m', 1024 ** 2],
  ['g', 1024 ** 3],
  ['t', 1024 ** 4],
]);

/** The milliseconds that a text such as `30d`, `12h` or `2w` means. */
export function parseDuration(option: string, text: string): number {
  const [, number, unit = ''] = /^([0-9]+(?:\.[0-9]+)?)([a-z])$/.exec(text) ?? [];
  const unitMs = durations.get(unit);
  if (number === undefined || unitMs === undefined) {
    throw new UsageError(
      `--${option} takes a duration, and '${text}' is none`,
      "write a number and a unit of s, m, h, d or w, such as '30d', '12h' or '2w'",
    );
  }
  return Number(number) * unitMs;
}

/** The bytes that a text such as `10G`, `500M`, `1.5GiB` or `4096` means; units go by 1024. */
export function parseSize(option: string, text: string): number {
  const [, number, unit = ''] = /^([0-9]+(?:\.[0-9]+)?)([KMGT]?)(?:i?B)?$/i.exec(text) ?? [];
  const unitBytes = sizes.get(unit.toLowerCase());
  if (number === undefined || unitBytes === undefined) {
    throw new UsageError(
      `--${option} takes a size, and '${text}' is none`,
      "write a number of bytes, or a number and a unit of K, M, G or T, such as '500M' or '10G'",
    );
  }
  return Math.ceil(Number(number) * unitBytes);
}
