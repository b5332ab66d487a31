import { execFileSync } from 'node:child_process';
import { globSync, rmSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Writes the messages and services of `protocol/` as modules; needs `protoc`, which is in Debian's protobuf-compiler. */
export function generateProtocol(target: string): void {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const source = path.join(root, 'protocol');
  const files = globSync('*/**/*.proto', { cwd: source }).toSorted();
  const plugin = path.join(root, 'node_modules/.bin/protoc-gen-es');
  execFileSync(
    'protoc',
    [
      `--plugin=protoc-gen-es=${plugin}`,
      `--es_out=${target}`,
      '--es_opt=target=js+dts,import_extension=js',
      ...files,
    ],
    { cwd: source, stdio: 'inherit' },
  );
}

if (import.meta.main) {
  const target = fileURLToPath(new URL('../src/realizer/protocol/generated', import.meta.url));
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  generateProtocol(target);
}
