import { type HashPart, type StorePath, hashPartOfStorePath } from '../../foundation/index.ts';
import { ReferenceScanner } from '../reference-scanner.ts';
import type { ArchivedOutput } from './format.ts';

/** The outputs that content may refer to, by their hash parts. */
export class KnownOutputs {
  readonly scanner: ReferenceScanner;
  readonly #paths = new Map<HashPart, StorePath[]>();

  constructor(paths: Iterable<StorePath>) {
    for (const path of new Set(paths)) {
      const twins = this.#paths.get(hashPartOfStorePath(path));
      if (twins === undefined) this.#paths.set(hashPartOfStorePath(path), [path]);
      else twins.push(path);
    }
    this.scanner = new ReferenceScanner(this.#paths.keys());
  }

  /** What an output means that mentions a hash part: of several of that content the one that it says, itself before all. */
  meantBy(
    { path, references }: Pick<ArchivedOutput, 'path' | 'references'>,
    hashPart: HashPart,
  ): readonly StorePath[] {
    if (hashPart === hashPartOfStorePath(path)) return [path];
    const paths = this.#paths.get(hashPart) ?? [];
    const said = paths.filter((each) => references.includes(each));
    return said.length > 0 ? said : paths;
  }
}
