import { unreachable } from '../../src/foundation/index.ts';

export type Dialect = 'cab' | 'nix';

/** A piece of a text: as it stands, or what is put into it. */
export type Piece = string | Node;

/** What is bound to a name, or to names with dots between them. */
export type Entry = readonly [name: string, value: Node];

/** As much of an expression as both languages have, to be written in either. */
export type Node =
  | { readonly kind: 'raw'; readonly text: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'integer'; readonly value: number }
  | { readonly kind: 'text'; readonly parts: readonly Piece[] }
  | { readonly kind: 'list'; readonly elements: readonly Node[] }
  | { readonly kind: 'attributes'; readonly entries: readonly Entry[] }
  | { readonly kind: 'let'; readonly bindings: readonly Entry[]; readonly body: Node }
  | { readonly kind: 'lambda'; readonly parameter: string; readonly body: Node }
  | { readonly kind: 'apply'; readonly callee: string; readonly argument: Node }
  | { readonly kind: 'select'; readonly subject: Node; readonly path: readonly string[] }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Node; readonly right: Node }
  | { readonly kind: 'if'; readonly condition: Node; readonly whenTrue: Node; readonly whenFalse: Node };

/** How the two are written where they differ. */
const forms = {
  cab: { end: ',', separator: ',', lambda: ' =>', interpolation: ['\\(', ')'] },
  nix: { end: ';', separator: '', lambda: ':', interpolation: ['${', '}'] },
} as const;

/** The expression as a text, whose further lines are indented by so many blanks. */
export function print(node: Node, dialect: Dialect, indentation: number): string {
  const form = forms[dialect];
  const within = (inner: Node) => print(inner, dialect, indentation + 2);
  const lines = (entries: readonly Entry[]) =>
    entries.map(([name, value]) => `${margin}  ${name} = ${within(value)}${form.end}\n`).join('');
  const margin = ' '.repeat(indentation);
  switch (node.kind) {
    case 'raw':
      return node.text;
    case 'name':
      return node.name;
    case 'integer':
      return String(node.value);
    case 'text': {
      const [open, close] = form.interpolation;
      return `"${node.parts.map((part) => (typeof part === 'string' ? part : `${open}${within(part)}${close}`)).join('')}"`;
    }
    case 'list':
      return `[ ${node.elements.map((element) => `${within(element)}${form.separator} `).join('')}]`;
    case 'attributes':
      return `{\n${lines(node.entries)}${margin}}`;
    case 'let':
      return `let\n${lines(node.bindings)}${margin}in ${within(node.body)}`;
    case 'lambda':
      return `${node.parameter}${form.lambda} ${print(node.body, dialect, indentation)}`;
    case 'apply':
      return `${node.callee} ${print(node.argument, dialect, indentation)}`;
    case 'select':
      return [print(node.subject, dialect, indentation), ...node.path].join('.');
    case 'binary':
      return `(${within(node.left)} ${node.operator} ${within(node.right)})`;
    case 'if':
      return `if ${within(node.condition)} then ${within(node.whenTrue)} else ${within(node.whenFalse)}`;
    default:
      return unreachable(node);
  }
}
