import type { Diagnostic, Source } from '../../diagnostics/index.ts';
import { type Expression, parse } from '../syntax/index.ts';
import { globalNames } from './builtins/index.ts';
import { checkNames } from './check-names.ts';
import { compileUnit } from './compile/text-unit.ts';
import { decodeText } from './decode.ts';
import { Fault, type Site, asking } from './fault.ts';
import { keptSyntax } from './kept-syntax.ts';
import { displayPath, folderOf, resolvePath } from './paths.ts';
import { FileContext, type GlobalNames, Scope } from './scope.ts';
import { type Code, type Thunk, later } from './thunk.ts';
import { Traces } from './traces.ts';
import type { Value } from './value.ts';
import type { TreePath, World } from './world.ts';

/** The file that stands for its folder. */
export const folderFile = 'default.cab';

/** What one evaluation shares: the outside, and the files that were read. */
export class Evaluation {
  readonly world: World;
  readonly traces: Traces;
  readonly #files = new Map<string, Thunk>();

  constructor(world: World) {
    this.world = world;
    this.traces = new Traces((text) => world.trace(text));
  }

  /** The value of the file at the path, or of the `default.cab` of the folder there. Each file is evaluated once. */
  importFile(path: TreePath, site: Site): Value {
    const file = this.#fileAt(path, site);
    const key = `${file.root.key}\0${file.path}`;
    let thunk = this.#files.get(key);
    if (thunk === undefined) {
      thunk = this.#fileThunk(file);
      this.#files.set(key, thunk);
    }
    return thunk.force();
  }

  /** Evaluates a text. `globals` are all the names that it sees besides those it binds. */
  evaluateText(source: Source, folder: TreePath, globals: GlobalNames = globalNames): Value {
    return this.#compile(this.#parse(source, globals), source, folder, globals)([undefined]);
  }

  #fileAt(path: TreePath, site: Site): TreePath {
    const kind = asking(site, () => this.world.entryKind(path));
    const inside = resolvePath(path, folderFile, site);
    if (kind === 'directory') return inside;
    if (kind !== 'symlink') return path;
    return asking(site, () => this.world.entryKind(inside)) === undefined ? path : inside;
  }

  /** The text is read and compiled once, also where its evaluation has to be started again. */
  #fileThunk(file: TreePath): Thunk {
    let code: Code | undefined;
    return later(() => {
      code ??= this.#compileFile(file);
      return code([undefined]);
    });
  }

  #compileFile(file: TreePath): Code {
    const name = displayPath(file);
    const content = this.world.readFile(file);
    const source = { name, text: decodeText(content, name) };
    const expression = keptSyntax(this.world, content, () => this.#parse(source, globalNames));
    return this.#compile(expression, source, folderOf(file), globalNames);
  }

  #compile(expression: Expression, source: Source, folder: TreePath, globals: GlobalNames): Code {
    return compileUnit(expression, Scope.ofFile(new FileContext(this, source, folder, globals)));
  }

  #parse(source: Source, globals: GlobalNames): Expression {
    const { expression, diagnostics } = parse(source);
    if (hasErrors(diagnostics)) throw new Fault(otherFormat(source) ?? diagnostics);
    if (expression === undefined)
      throw new Error(`the parser found no fault in ${source.name}, and no expression`);
    throwErrors(checkNames(expression, source, globals));
    return expression;
  }
}

function throwErrors(diagnostics: readonly Diagnostic[]): void {
  if (hasErrors(diagnostics)) throw new Fault(diagnostics);
}

function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}

/** The builtins that read what a file is by the end of its name. */
const readers: readonly (readonly [RegExp, string, string])[] = [
  [/\.json$/, 'JSON', 'fromJson'],
  [/\.toml$/, 'TOML', 'fromToml'],
  [/\.ya?ml$/, 'YAML', 'fromYaml'],
];

/** A file of data that is imported is told as one mistake, and not by all that is no expression in it. */
function otherFormat({ name }: Source): readonly Diagnostic[] | undefined {
  const reader = readers.find(([ending]) => ending.test(name));
  if (reader === undefined) return undefined;
  const [, format, builtin] = reader;
  const message = `'${name}' is ${format}, and 'import' takes an expression`;
  return [
    { code: 'CAB1114', severity: 'error', message, hint: `${builtin} (readFile …) gives what is in it` },
  ];
}
