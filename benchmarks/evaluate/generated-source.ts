import { randomFrom } from '../../tests/support/index.ts';
import { type Dialect, type Entry, type Node, type Piece, print } from './dialects.ts';

/** A program in both languages. */
export type Source = Readonly<Record<Dialect, string>>;

/**
 * A long text as a generator of package descriptions or a person over years would leave it: packages that name others, functions,
 * and nested settings, all of it evaluated once. It is at least so many bytes long in Cab.
 */
export function generateSource(seed: number, bytes: number): Source {
  const maker = new SourceMaker(randomFrom(seed));
  let made = 0;
  while (made < bytes) made += maker.add();
  return { cab: maker.text('cab'), nix: maker.text('nix') };
}

const words =
  'a library for reading and writing of fast small simple typed streams text parsers network clients with bindings to the system tools'.split(
    ' ',
  );
const licenses = ['mit', 'bsd3', 'apache2', 'gpl3', 'mpl2'];
const hashDigits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

class SourceMaker {
  readonly #random: () => number;
  readonly #packages: Entry[] = [];
  readonly #functions: Entry[] = [];
  readonly #settings: Entry[] = [];

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Adds something and tells how many bytes of Cab it is. */
  add(): number {
    const kind = this.#random();
    const [entries, value] =
      kind < 0.6
        ? [this.#packages, this.#package()]
        : kind < 0.75
          ? [this.#functions, this.#function()]
          : [this.#settings, this.#service()];
    entries.push([value.name, value.node]);
    return print(value.node, 'cab', 4).length + value.name.length + 10;
  }

  text(dialect: Dialect): string {
    const bindings: Entry[] = [
      ...helpers[dialect].map((name): Entry => [name[0], { kind: 'raw', text: name[1] }]),
      ['licenses', attributes(licenses.map((name): Entry => [name, text(`The ${name} license`)]))],
      ['packages', attributes(this.#packages)],
      ['functions', attributes(this.#functions)],
      ['settings', attributes(this.#settings)],
    ];
    return `${print({ kind: 'let', bindings, body: { kind: 'raw', text: results[dialect] } }, dialect, 0)}\n`;
  }

  #package(): { readonly name: string; readonly node: Node } {
    const number = this.#packages.length;
    const name = `${this.#pick(words)}-${this.#pick(words)}-${number}`;
    const dependencies = this.#some(number === 0 ? 0 : 5, () => this.#reference());
    const node = apply('makePackage', {
      kind: 'attributes',
      entries: [
        ['name', text(name)],
        ['version', text(`${this.#integer(9)}.${this.#integer(30)}.${this.#integer(12)}`)],
        ['hash', text(`sha256-${Array.from({ length: 43 }, () => this.#pick([...hashDigits])).join('')}=`)],
        ['dependencies', { kind: 'list', elements: dependencies }],
        ['description', text(this.#some(9, () => this.#pick(words)).join(' '))],
        ['license', select('licenses', this.#pick(licenses))],
        ['flags.check', this.#flag()],
        ['flags.static', this.#flag()],
        ['platforms', { kind: 'list', elements: [text('x86_64-linux'), text('aarch64-linux')] }],
      ],
    });
    return { name, node };
  }

  #function(): { readonly name: string; readonly node: Node } {
    const sum: Node = binary(
      '+',
      binary('*', { kind: 'name', name: 'count' }, this.#number(50)),
      this.#number(999),
    );
    const body: Node = {
      kind: 'let',
      bindings: [
        ['base', sum],
        ['title', text('', { kind: 'name', name: 'label' }, `-${this.#pick(words)}`)],
      ],
      body: {
        kind: 'if',
        condition: binary('<', { kind: 'name', name: 'base' }, this.#number(5000)),
        whenTrue: {
          kind: 'attributes',
          entries: [
            ['value', binary('+', { kind: 'name', name: 'base' }, this.#number(7))],
            ['text', text('', { kind: 'name', name: 'title' }, ' is small')],
          ],
        },
        whenFalse: {
          kind: 'attributes',
          entries: [
            ['value', { kind: 'name', name: 'base' }],
            ['text', text(`${this.#pick(words)} `, { kind: 'name', name: 'title' })],
          ],
        },
      },
    };
    const node: Node = {
      kind: 'lambda',
      parameter: 'count',
      body: { kind: 'lambda', parameter: 'label', body },
    };
    return { name: `make-${this.#pick(words)}-${this.#functions.length}`, node };
  }

  #service(): { readonly name: string; readonly node: Node } {
    const name = `service-${this.#settings.length}`;
    const entries: Entry[] = [
      ['enable', this.#flag()],
      ['network.ports', { kind: 'list', elements: this.#some(6, () => this.#number(65_535)) }],
      ['network.host', text(`${name}.example.org`)],
      ['limits.memory.megabytes', binary('*', this.#number(64), this.#number(16))],
      ['limits.files', this.#number(4096)],
      ['comment', text(this.#some(20, () => this.#pick(words)).join(' '))],
    ];
    if (this.#packages.length > 0) {
      entries.push(['package', { kind: 'select', subject: this.#reference(), path: ['name'] }]);
      entries.push([
        'arguments',
        {
          kind: 'list',
          elements: this.#some(5, () =>
            text(
              `--${this.#pick(words)}=`,
              { kind: 'select', subject: this.#reference(), path: ['version'] },
              '',
            ),
          ),
        },
      ]);
    }
    return { name, node: { kind: 'attributes', entries } };
  }

  #reference(): Node {
    return select('packages', this.#pick(this.#packages)[0]);
  }

  #flag(): Node {
    return { kind: 'name', name: this.#random() < 0.5 ? 'true' : 'false' };
  }

  #number(below: number): Node {
    return { kind: 'integer', value: this.#integer(below) };
  }

  #integer(below: number): number {
    return Math.floor(this.#random() * below);
  }

  #pick<T>(items: readonly T[]): T {
    return items[this.#integer(items.length)] as T;
  }

  #some<T>(atMost: number, make: () => T): T[] {
    return Array.from({ length: this.#integer(atMost + 1) }, make);
  }
}

function attributes(entries: readonly Entry[]): Node {
  return { kind: 'attributes', entries };
}

function text(...parts: readonly Piece[]): Node {
  return { kind: 'text', parts };
}

function select(subject: string, ...path: readonly string[]): Node {
  return { kind: 'select', subject: { kind: 'name', name: subject }, path };
}

function apply(callee: string, argument: Node): Node {
  return { kind: 'apply', callee, argument };
}

function binary(operator: string, left: Node, right: Node): Node {
  return { kind: 'binary', operator, left, right };
}

/** What the text needs of each language's own functions. */
const helpers: Readonly<Record<Dialect, readonly (readonly [string, string])[]>> = {
  cab: [
    [
      'makePackage',
      '{ name, version, hash, dependencies, description, license, flags, platforms, } => {\n    name, version, hash, description, license, flags, platforms,\n    fullName = "\\(name)-\\(version)",\n    inputs   = map (input => input.fullName) dependencies,\n  }',
    ],
  ],
  nix: [
    [
      'makePackage',
      '{ name, version, hash, dependencies, description, license, flags, platforms }: {\n    inherit name version hash description license flags platforms;\n    fullName = "${name}-${version}";\n    inputs   = map (input: input.fullName) dependencies;\n  }',
    ],
  ],
};

const results: Readonly<Record<Dialect, string>> = {
  cab: `let
  called  = mapAttributes (name => make => make (stringLength name) name) functions,
  written = toJson { packages, settings, called, },
in { length = stringLength written, hash = hashString "sha256" written, }`,
  nix: `let
  called  = builtins.mapAttrs (name: make: make (builtins.stringLength name) name) functions;
  written = builtins.toJSON { inherit packages settings called; };
in { length = builtins.stringLength written; hash = builtins.hashString "sha256" written; }`,
};
