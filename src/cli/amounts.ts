import { bytesOf, millisecondsOf } from '../configuration/index.ts';
import { UsageError } from './options.ts';

/** The milliseconds that a text such as `30d`, `12h` or `2w` means. */
export function parseDuration(option: string, text: string): number {
  const duration = millisecondsOf(text);
  if (duration !== undefined) return duration;
  throw new UsageError(
    `--${option} takes a duration, and '${text}' is none`,
    "write a number and a unit of s, m, h, d or w, such as '30d', '12h' or '2w'",
  );
}

/** The bytes that a text such as `10G`, `500M`, `1.5GiB` or `4096` means; units go by 1024. */
export function parseSize(option: string, text: string): number {
  const size = bytesOf(text);
  if (size !== undefined) return size;
  throw new UsageError(
    `--${option} takes a size, and '${text}' is none`,
    "write a number of bytes, or a number and a unit of K, M, G or T, such as '500M' or '10G'",
  );
}
