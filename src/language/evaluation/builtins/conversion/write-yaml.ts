import { showFloat } from '../../show.ts';
import { Float } from '../../value.ts';
import { type Plain, isPlainList } from './plain.ts';

/**
 * Writes YAML 1.2: a line for each member and element, indented by two, with strings in double quotes wherever a reader of
 * any version could take them for something else.
 */
export function writeYaml(plain: Plain): string {
  return isOpen(plain) ? linesOf(plain, '').join('') : `${writeSimple(plain)}\n`;
}

type Open = readonly Plain[] | ReadonlyMap<string, Plain>;

/** Whether the value is written in lines of its own. */
function isOpen(plain: Plain): plain is Open {
  return (isPlainList(plain) && plain.length > 0) || (plain instanceof Map && plain.size > 0);
}

function linesOf(plain: Open, margin: string): string[] {
  if (isPlainList(plain)) return plain.flatMap((element) => elementLines(element, margin));
  return [...plain].flatMap(([name, value]) => {
    const key = `${margin}${writeString(name)}:`;
    return isOpen(value)
      ? [`${key}\n`, ...linesOf(value, `${margin}  `)]
      : [`${key} ${writeSimple(value)}\n`];
  });
}

/** What is in an element begins in the line of its dash. */
function elementLines(element: Plain, margin: string): string[] {
  if (!isOpen(element)) return [`${margin}- ${writeSimple(element)}\n`];
  const [first = '', ...others] = linesOf(element, `${margin}  `);
  return [`${margin}- ${first.slice(margin.length + 2)}`, ...others];
}

function writeSimple(plain: Plain): string {
  if (typeof plain === 'string') return writeString(plain);
  if (plain instanceof Float) return showFloat(plain.value);
  if (isPlainList(plain)) return '[]';
  return plain === null || typeof plain !== 'object' ? String(plain) : '{}';
}

/** Words that are no string in some version of YAML. */
const reserved = /^(?:true|false|yes|no|on|off|y|n|null|nan|inf)$/i;
const safe = /^[A-Za-z_][\w./-]*(?: [\w./-]+)*$/;

function writeString(text: string): string {
  if (safe.test(text) && !reserved.test(text)) return text;
  // What JSON does not escape, and YAML does not print.
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
