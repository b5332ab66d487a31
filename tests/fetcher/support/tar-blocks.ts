/** What a header of a tar archive says, right or wrong. */
export interface TarEntry {
  readonly name: string;
  /** The type's letter; a file unless said otherwise. */
  readonly type?: string;
  readonly content?: string | Uint8Array;
  readonly link?: string;
  /** The field of the size in place of the content's own. */
  readonly size?: Uint8Array;
  /** Bytes by their places in the header. */
  readonly fields?: Readonly<Record<number, string>>;
}

/** Lays a tar archive out block by block, so that it can be wrong. */
export function layOutTar(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...entries.flatMap(blocksOf), Buffer.alloc(1024)]);
}

function blocksOf({
  name,
  type = '0',
  content = '',
  link = '',
  size,
  fields = {},
}: TarEntry): readonly Buffer[] {
  const bytes = Buffer.from(content);
  const header = Buffer.alloc(512);
  header.write(name, 0, 100);
  header.write('0000644\0', 100);
  header.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write(type, 156);
  header.write(link, 157, 100);
  header.write('ustar\u000000', 257);
  if (size !== undefined) header.set(size, 124);
  for (const [place, text] of Object.entries(fields)) header.write(text, Number(place), 'latin1');
  signHeader(header);
  return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
}

/** Writes the checksum that the header's other bytes have. */
export function signHeader(header: Buffer): void {
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
}

/** The content of an extended header of pax. */
export function paxRecords(records: Readonly<Record<string, string>>): string {
  const lines = Object.entries(records).map(([key, value]) => {
    const rest = ` ${key}=${value}\n`;
    const length = Buffer.byteLength(rest);
    const digits = String(length + String(length).length).length;
    return `${length + digits}${rest}`;
  });
  return lines.join('');
}
