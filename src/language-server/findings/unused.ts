import { type Definition, type Site, bindingsOf, bodyOf, endOf } from '../../language/resolution/index.ts';
import { type SyntaxNode, isTrivia } from '../../language/syntax/index.ts';
import type { AnalysedFile } from '../files/analysed-file.ts';
import type { Finding, Fix, TextChange } from './finding.ts';

/** What is bound and never used. A name that begins with `_` says by that that it is not meant to be. */
export function unusedFindings(file: AnalysedFile): readonly Finding[] {
  return file.resolution.definitions.filter(isUnused).flatMap((definition) =>
    definition.sites.map((site): Finding => {
      const fix = fixOf(file, definition, site);
      return {
        start: site.start,
        end: site.end,
        severity: 'hint',
        code: 'unused',
        message: `${words[definition.kind]} '${definition.name}' is never used`,
        ...(fix !== undefined && { fixes: [fix] }),
      };
    }),
  );
}

const words: Readonly<Record<Definition['kind'], string>> = {
  let: 'the binding',
  parameter: 'the parameter',
  field: 'the argument',
  arguments: 'the name for all arguments',
  self: 'the name for the attributes themselves',
};

/** Only what is bound to itself is no use: `a` in `let a = [ a, ], …`. */
function isUnused({ name, uses, sites }: Definition): boolean {
  if (name.startsWith('_')) return false;
  return uses.every(({ start }) =>
    sites.some(({ binding }) => binding !== undefined && contains(binding, start)),
  );
}

function contains({ start, end }: SyntaxNode, offset: number): boolean {
  return start <= offset && offset < end;
}

function fixOf(file: AnalysedFile, definition: Definition, site: Site): Fix | undefined {
  const { kind, name, scope } = definition;
  if (kind === 'let') return removal(file, definition, site);
  if (kind === 'parameter') {
    const change = { start: site.start, end: site.start, text: '_' };
    return { title: `Rename to '_${name}'`, changes: [change], isPreferred: false };
  }
  // A field is part of how the lambda is called: taking it away is a decision about its callers.
  if (kind === 'field') return undefined;
  const brace = scope.node.kind === 'lambda' ? scope.node.children[0] : scope.node;
  if (brace === undefined || !('children' in brace)) return undefined;
  const opener = brace.children.find((child) => child.kind === '{');
  if (opener === undefined) return undefined;
  const change = { start: site.start, end: opener.start, text: '' };
  return { title: `Remove '${name} @'`, changes: [change], isPreferred: true };
}

/** Without the binding; without the whole `let` where it is the only one. */
function removal({ source }: AnalysedFile, { name, scope, sites }: Definition, site: Site): Fix | undefined {
  const bindings = bindingsOf(scope.node);
  const body = bodyOf(scope.node);
  if (site.binding === undefined || sites.length > 1) return undefined;
  const change: TextChange | undefined =
    bindings.length > 1
      ? { ...withSeparator(source.text, scope.node, site.binding), text: '' }
      : body && { start: scope.node.start, end: body.start, text: '' };
  return change && { title: `Remove '${name}'`, changes: [change], isPreferred: true };
}

/** The binding with the comma behind it, and with its line where nothing else stands on that. */
function withSeparator(text: string, list: SyntaxNode, binding: SyntaxNode): { start: number; end: number } {
  const rest = list.children.slice(
    list.children.findIndex(({ start, kind }) => kind === 'binding' && start === binding.start) + 1,
  );
  const next = rest.find((child) => !isTrivia(child.kind as Parameters<typeof isTrivia>[0]));
  const end = next !== undefined && next.kind === ',' ? endOf(next) : binding.end;
  const before = /\n[ \t]*$/.exec(text.slice(0, binding.start));
  const isAlone = before !== null && /^[ \t]*(\r?\n|$)/.test(text.slice(end));
  if (isAlone) return { start: before.index - (text[before.index - 1] === '\r' ? 1 : 0), end };
  const blanks = /^[ \t]*/.exec(text.slice(end))?.[0].length ?? 0;
  return { start: binding.start, end: end + blanks };
}
