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

/** The milliseconds that a text such as `30d`, `12h` or `2w` means; undefined where it means none. */
export function millisecondsOf(text: string): number | undefined {
  const [, number, unit = ''] = /^([0-9]+(?:\.[0-9]+)?) ?([a-z])$/.exec(text) ?? [];
  const unitMs = durations.get(unit);
  return number === undefined || unitMs === undefined ? undefined : Number(number) * unitMs;
}

/** The bytes that a text such as `10G`, `200 GB`, `1.5GiB` or `4096` means; units go by 1024. Undefined where it means none. */
export function bytesOf(text: string): number | undefined {
  const [, number, unit = ''] = /^([0-9]+(?:\.[0-9]+)?) ?([KMGT]?)(?:i?B)?$/i.exec(text) ?? [];
  const unitBytes = sizes.get(unit.toLowerCase());
  return number === undefined || unitBytes === undefined ? undefined : Math.ceil(Number(number) * unitBytes);
}
