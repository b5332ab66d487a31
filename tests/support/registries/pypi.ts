import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Files, hashOf, runTool, writeFiles } from './packages.ts';

export interface PythonProject {
  readonly name: string;
  readonly version: string;
  readonly files: Files;
}

/** Lets setuptools pack a project's source into a folder. */
export async function buildSource(
  folder: string,
  { name, version, files }: PythonProject,
  scratch: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFiles(scratch, {
    'pyproject.toml': '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n',
    'setup.cfg': `[metadata]\nname = ${name}\nversion = ${version}\n[options]\npackages = find:\n`,
    ...files,
  });
  const program = `import setuptools.build_meta as backend; backend.build_sdist(${JSON.stringify(folder)})`;
  await runTool('python3', ['-c', program], scratch);
}

/** Packs a wheel with Python's own zip module, and pip looks whether it is one. */
export async function buildWheel(
  folder: string,
  { name, version, files }: PythonProject,
  scratch: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const escaped = name.replaceAll(/[-_.]+/g, '_');
  const information = `${escaped}-${version}.dist-info`;
  const all: Files = {
    ...files,
    [`${information}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`,
    [`${information}/WHEEL`]:
      'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
  };
  const records = Object.entries(all).map(([file, content]) => {
    const hash = hashOf('sha256', 'base64', Buffer.from(content)).replaceAll('+', '-').replaceAll('/', '_');
    return `${file},sha256=${hash.replace(/=+$/, '')},${Buffer.byteLength(content)}\n`;
  });
  const record = `${information}/RECORD`;
  await writeFiles(scratch, { ...all, [record]: `${records.join('')}${record},,\n` });
  const wheel = path.join(folder, `${escaped}-${version}-py3-none-any.whl`);
  const entries = (await readdir(scratch)).map((entry) => path.join(scratch, entry));
  await runTool('python3', ['-m', 'zipfile', '-c', wheel, ...entries], scratch);
  const target = path.join(`${scratch}-installed`);
  await runTool(
    'python3',
    ['-m', 'pip', 'install', '-q', '--no-index', '--no-deps', '--target', target, wheel],
    scratch,
  );
}

/** Writes the two forms of a project's page, with links relative to it. */
export async function writeSimpleIndex(index: string, name: string, files: string): Promise<void> {
  const page = path.join(index, name);
  await mkdir(page, { recursive: true });
  const names = (await readdir(files)).toSorted();
  const contents = await Promise.all(names.map((file) => readFile(path.join(files, file))));
  const relative = path.relative(page, files);
  const hashes = contents.map((content) => hashOf('sha256', 'hex', content));
  const links = names.map(
    (file, i) =>
      `<a href="${relative}/${file}#sha256=${hashes[i]}" data-requires-python="&gt;=3.7">${file}</a><br />\n`,
  );
  await writeFile(
    path.join(page, 'index.html'),
    `<!DOCTYPE html>\n<html><body>\n<h1>Links for ${name}</h1>\n${links.join('')}</body></html>\n`,
  );
  const entries = names.map((filename, i) => ({
    filename,
    url: `${relative}/${filename}`,
    hashes: { sha256: hashes[i] },
    'requires-python': '>=3.7',
    yanked: false,
  }));
  const meta = { 'api-version': '1.1' };
  await writeFile(path.join(page, 'index.json'), JSON.stringify({ meta, name, files: entries }));
}
