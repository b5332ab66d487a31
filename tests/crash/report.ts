/** What a process under test says once a call has returned: from then on it may not be lost. */
export type Report =
  | { readonly kind: 'blob'; readonly digest: string }
  | { readonly kind: 'tree'; readonly digest: string }
  | { readonly kind: 'output'; readonly path: string }
  | {
      readonly kind: 'realisation';
      readonly derivation: string;
      readonly output: string;
      readonly path: string;
    }
  | { readonly kind: 'claim'; readonly scope: string; readonly claim: string; readonly path: string }
  | { readonly kind: 'content'; readonly program: string; readonly id: string; readonly digest: string }
  | { readonly kind: 'materialised'; readonly path: string }
  /** A log that was written for the round, which later rounds replace. */
  | { readonly kind: 'log'; readonly id: string; readonly round: number }
  /** A derivation that a run of the command has built. */
  | { readonly kind: 'built'; readonly derivation: string }
  /** A file that a command was to write, whole, by its digest. */
  | { readonly kind: 'file'; readonly file: string; readonly digest: string };

export type Reporter = (report: Report) => void;

/** The reports among the lines of a process's output. Its last line may be cut off. */
export function reportsIn(output: string): readonly Report[] {
  return output
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.startsWith('{"kind":'))
    .map((line) => JSON.parse(line) as Report);
}
