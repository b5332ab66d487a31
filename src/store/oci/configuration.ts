import { type Digest, type Json, type StorePath, nameOfStorePath } from '../../foundation/index.ts';
import { type Directory, type FileNode, type SymlinkNode } from '../directory.ts';
import type { OutputRecord } from '../records.ts';

/** What an image runs on, in the words of Go, as the image specification has it. */
export interface ImagePlatform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string | undefined;
}

/** The time of images, as their files have it. */
const created = '1970-01-01T00:00:01Z';

/**
 * The configuration of an image (https://github.com/opencontainers/image-spec/blob/v1.0.2/config.md): what was asked for is found by its
 * name, and where it has just one program, that is what is run.
 */
export function imageConfiguration(
  asked: readonly OutputRecord[],
  platform: ImagePlatform,
  layers: readonly string[],
  readTree: (digest: Digest) => Directory,
): Json {
  const trees = asked.map(({ path, tree }) => ({ path, tree: readTree(tree) }));
  const programs = trees.flatMap(({ path, tree }) => programsOf(path, tree, readTree));
  const folders = trees.filter(({ tree }) => binOf(tree) !== undefined).map(({ path }) => `${path}/bin`);
  const { os, architecture, variant } = platform;
  return {
    architecture,
    config: {
      ...(programs.length === 1 ? { Entrypoint: programs } : {}),
      ...(folders.length > 0 ? { Env: [`PATH=${folders.join(':')}`] } : {}),
    },
    created,
    os,
    rootfs: { diff_ids: layers, type: 'layers' },
    ...(variant === undefined ? {} : { variant }),
  };
}

/** The programs of an output: itself where it is an executable file, or what is in `bin`, links included. */
function programsOf(path: StorePath, tree: Directory, readTree: (digest: Digest) => Directory): string[] {
  const [file] = tree.files;
  if (file?.name === '') return file.executable ? [path] : [];
  const bin = binOf(tree);
  if (bin === undefined) return [];
  const { files, symlinks } = readTree(bin);
  const entries: readonly (FileNode | SymlinkNode)[] = [
    ...files.filter((each) => each.executable),
    ...symlinks,
  ];
  return entries.map(({ name }) => `${path}/bin/${name}`);
}

function binOf(tree: Directory): Digest | undefined {
  return tree.directories.find(({ name }) => name === 'bin')?.digest;
}

/** What an image is called: the name of an output, in the few characters that names of images may have. */
export function imageName(path: StorePath): string {
  const name = nameOfStorePath(path)
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]+/g, '-')
    .replaceAll(/[.-]{2,}/g, '-')
    .replaceAll(/^[.-]+|[.-]+$/g, '');
  return name === '' ? 'image' : name;
}
