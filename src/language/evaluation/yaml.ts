import { createRequire } from 'node:module';
import type {
  Alias,
  Document,
  ParsedNode,
  Scalar,
  YAMLError,
  YAMLMap,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseAllDocuments,
} from 'yaml';
import { Attributes } from './attributes.ts';
import { normaliseInteger } from './arithmetic.ts';
import { Float, type Slot, type Value } from './value.ts';

export type YamlResult =
  | { readonly kind: 'values'; readonly values: readonly Value[] }
  | {
      readonly kind: 'fault';
      readonly reason: string;
      readonly offset: number;
      readonly hint?: string | undefined;
    };

/** How many values aliases may add to a text, each counted with all that is in it. */
const aliasedValuesLimit = 1_000_000;

interface YamlModule {
  readonly isAlias: typeof isAlias;
  readonly isMap: typeof isMap;
  readonly isScalar: typeof isScalar;
  readonly isSeq: typeof isSeq;
  readonly parseAllDocuments: typeof parseAllDocuments;
}

let loaded: YamlModule | undefined;

/** Loaded when it is first needed, as TOML is. */
function yaml(): YamlModule {
  return (loaded ??= createRequire(import.meta.url)('yaml') as YamlModule);
}

/** Names that come twice are found here: the package compares each with all others. */
const options = {
  version: '1.2',
  schema: 'core',
  intAsBigInt: true,
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'silent',
} as const;

const tooDeep = 'it is nested too deep';

class YamlFault extends Error {
  readonly offset: number;
  readonly hint: string | undefined;

  constructor(message: string, offset: number, hint?: string) {
    super(message);
    this.offset = offset;
    this.hint = hint;
  }
}

/** Reads the documents of a YAML 1.2 text by the core schema, each as a value. */
export function parseYaml(text: string): YamlResult {
  try {
    const documents = yaml().parseAllDocuments(text, options);
    const values = Array.from(documents, (document) => new YamlReader(document).read());
    return { kind: 'values', values };
  } catch (error) {
    if (error instanceof YamlFault) {
      return { kind: 'fault', reason: error.message, offset: error.offset, hint: error.hint };
    }
    if (!(error instanceof RangeError)) throw error;
    return { kind: 'fault', reason: tooDeep, offset: 0 };
  }
}

/** What an anchor names, once it has been read; and how many values it is with all that is in it. */
interface Named {
  readonly value: Value | undefined;
  readonly size: number;
}

/** Makes values of the nodes of a document. What an anchor names becomes one value, however often it is used. */
class YamlReader {
  readonly #document: Document.Parsed;
  readonly #anchors = new Map<string, Named>();
  /** How many values there would be, were each alias written out. */
  #size = 0;
  #aliased = 0;

  constructor(document: Document.Parsed) {
    this.#document = document;
  }

  read(): Value {
    const { errors, warnings, contents } = this.#document;
    const problem = errors[0] ?? warnings[0];
    if (problem !== undefined) throw new YamlFault(reasonOf(problem), problem.pos[0]);
    return this.#valueOf(contents);
  }

  #valueOf(node: ParsedNode | null): Value {
    if (node === null) return null;
    if (yaml().isAlias(node)) return this.#valueOfAlias(node);
    const { anchor } = node as { readonly anchor?: string };
    if (anchor === undefined) return this.#valueOfNode(node);
    this.#anchors.set(anchor, { value: undefined, size: 0 });
    const before = this.#size;
    const value = this.#valueOfNode(node);
    this.#anchors.set(anchor, { value, size: this.#size - before });
    return value;
  }

  #valueOfAlias({ source, range }: Alias.Parsed): Value {
    const named = this.#anchors.get(source);
    if (named === undefined) throw new YamlFault(`no anchor '${source}' stands before this alias`, range[0]);
    if (named.value === undefined) {
      throw new YamlFault(`the alias '${source}' stands in what it names`, range[0]);
    }
    this.#size += named.size;
    this.#aliased += named.size;
    if (this.#aliased <= aliasedValuesLimit) return named.value;
    throw new YamlFault(
      'the aliases stand for too much',
      range[0],
      `they may add ${aliasedValuesLimit} values`,
    );
  }

  #valueOfNode(node: ParsedNode): Value {
    this.#size++;
    if (yaml().isMap(node)) return this.#attributesOf(node);
    if (yaml().isSeq(node)) return node.items.map((item) => this.#valueOf(item));
    return scalarOf(node as Scalar.Parsed);
  }

  #attributesOf(map: YAMLMap.Parsed): Value {
    const entries = new Map<string, Slot>();
    for (const { key, value } of map.items) {
      const name = this.#nameOf(key);
      if (entries.has(name)) throw new YamlFault(`the name '${name}' comes twice`, key.range[0]);
      entries.set(name, this.#valueOf(value));
    }
    return Attributes.fromMap(entries);
  }

  /** A string is the name itself; anything else that is one word, such as a number, is the name as it is written. */
  #nameOf(key: ParsedNode | null): string {
    if (key === null) throw new YamlFault('a name is missing', this.#document.range[0]);
    const value = this.#valueOf(key);
    if (typeof value === 'string') return value;
    const written = yaml().isScalar(key) ? key.source : '';
    if (written !== '') return written;
    throw new YamlFault(
      'a name must be a word or string',
      key.range[0],
      'attributes have names, and no other keys',
    );
  }
}

/** The package reads by recursion, and says so when that goes too deep. */
function reasonOf({ code, message }: YAMLError): string {
  return code === 'RESOURCE_EXHAUSTION' ? tooDeep : message;
}

/** What a float cannot hold, such as `.inf`, becomes a string, as it does in TOML. */
function scalarOf({ value, source, range }: Scalar.Parsed): Value {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') {
    if (value.isWellFormed()) return value;
    throw new YamlFault('the string holds half of a pair of \\u escapes', range[0]);
  }
  if (typeof value === 'bigint') return normaliseInteger(value);
  if (typeof value === 'number') return Number.isFinite(value) ? new Float(value) : source;
  throw new YamlFault('the value is of no kind that the core schema has', range[0]);
}
