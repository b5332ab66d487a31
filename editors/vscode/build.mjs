// Bundles the extension into dist/, with the TextMate grammar that all editors share.
import { copyFile, mkdir } from 'node:fs/promises';
import { build } from 'esbuild';

const folder = import.meta.dirname;
await mkdir(`${folder}/dist`, { recursive: true });
await copyFile(`${folder}/../textmate/cab.tmLanguage.json`, `${folder}/dist/cab.tmLanguage.json`);
await build({
  absWorkingDir: folder,
  entryPoints: ['source/extension.ts'],
  outfile: 'dist/extension.cjs',
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  external: ['vscode'],
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
});
