import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DiagnosticError } from '../../src/diagnostics/diagnostic.ts';
import { type StorePath, digestOf, hashPartOf, storePath } from '../../src/foundation/index.ts';
import { Store } from '../../src/store/index.ts';

/** A folder of the test's own, gone with the scope that it is used in. */
export function temporaryFolder(): Disposable & { readonly path: string } {
  const folder = mkdtempSync(path.join(tmpdir(), 'cab-store-test-'));
  return { path: folder, [Symbol.dispose]: () => removeFolder(folder) };
}

function removeFolder(folder: string): void {
  // Trees on disk are sealed, which keeps anyone but root from removing what is in them.
  execFileSync('chmod', ['-R', 'u+rwX', folder]);
  rmSync(folder, { recursive: true, force: true });
}

/** A store of the test's own, and a folder beside it for what goes in. */
export function temporaryStore(): Disposable & { readonly store: Store; readonly work: string } {
  const folder = temporaryFolder();
  const store = Store.open(path.join(folder.path, 'store'));
  return {
    store,
    work: folder.path,
    [Symbol.dispose]: () => {
      store.close();
      folder[Symbol.dispose]();
    },
  };
}

/** Puts other content into a blob, as a disk does that decays: neither time nor mode tell of it. */
export function decay(blob: string, content: string | Uint8Array): void {
  const { mode } = statSync(blob);
  chmodSync(blob, 0o644);
  writeFileSync(blob, content);
  chmodSync(blob, mode & 0o777);
  utimesSync(blob, 1, 1);
}

/** A store path as a build would get it before its content is known. */
export function scratchPath(seed: string, name = 'output'): StorePath {
  return storePath(hashPartOf(digestOf(`scratch ${seed}`)), name);
}

/** Fits `assert.throws` and `assert.rejects`: a diagnostic of this code whose message matches. */
export function diagnosed(code: string, message = /./): (error: unknown) => boolean {
  return (error) =>
    error instanceof DiagnosticError &&
    error.diagnostics[0]?.code === code &&
    message.test(error.diagnostics[0].message);
}

/** Every file and folder below a folder, relative to it. */
export function listing(folder: string): string[] {
  return readdirSync(folder, { recursive: true }).map(String).toSorted();
}

export const bytes = (text: string): Uint8Array => Buffer.from(text);

/** The seed of a property test: told on failure by fast-check, and fixed by CAB_TEST_SEED. */
export function seeded(test: { diagnostic(message: string): void }): { readonly seed: number } {
  const seed = Number(process.env['CAB_TEST_SEED'] ?? Date.now() % 2 ** 31);
  test.diagnostic(`seed ${seed}`);
  return { seed };
}
