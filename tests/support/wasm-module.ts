/** Writes WebAssembly modules byte by byte: those that no compiler makes. */

type Bytes = readonly number[];

const functionType = 0x60;
const sections = {
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  export: 7,
  start: 8,
  code: 10,
} as const;

export interface ModuleParts {
  /** Functions of the host, by module and name: of no parameters or one of 32 bits, and no result. */
  readonly imports?: readonly {
    readonly module: string;
    readonly name: string;
    readonly parameters: 0 | 1;
  }[];
  /** Types besides those two, as they are encoded. */
  readonly types?: readonly Bytes[];
  readonly tables?: readonly Bytes[];
  readonly memories?: readonly Bytes[];
  /** Bodies of functions without parameters, the first of which is `_start`: their locals, as encoded, and instructions without an end. */
  readonly functions: readonly { readonly locals?: Bytes; readonly code: Bytes }[];
  /** The function that runs while the module is being made. */
  readonly start?: number;
}

/** A module with a memory of one page, unless it is given others. */
export function wasmModule(parts: ModuleParts): Uint8Array {
  const { imports = [], types = [], tables = [], memories = [[0, 1]], functions, start } = parts;
  const signatures: Bytes[] = [[functionType, 0, 0], [functionType, 1, 0x7f, 0], ...types];
  const bodies = functions.map(({ locals = [0], code }) => {
    const body = [...locals, ...code, 0x0b];
    return Buffer.from([...unsigned(body.length), ...body]);
  });
  return Buffer.concat([
    Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]),
    section(sections.type, list(signatures)),
    section(
      sections.import,
      list(imports.map(({ module, name, parameters }) => [...text(module), ...text(name), 0, parameters])),
    ),
    section(sections.function, list(functions.map(() => [0]))),
    section(sections.table, list(tables)),
    section(sections.memory, list(memories)),
    section(
      sections.export,
      list([
        [...text('_start'), 0, ...unsigned(imports.length)],
        [...text('memory'), 2, 0],
      ]),
    ),
    ...(start === undefined ? [] : [section(sections.start, Buffer.from(unsigned(start)))]),
    section(sections.code, Buffer.concat([Buffer.from(unsigned(bodies.length)), ...bodies])),
  ]);
}

export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) | 0x80);
  }
}

function section(id: number, content: Buffer): Buffer {
  if (content.length === 1 && content[0] === 0) return Buffer.alloc(0);
  return Buffer.concat([Buffer.from([id, ...unsigned(content.length)]), content]);
}

function list(items: readonly Bytes[]): Buffer {
  return Buffer.from([...unsigned(items.length), ...items.flat()]);
}

function text(characters: string): Bytes {
  return [...unsigned(characters.length), ...Buffer.from(characters)];
}
