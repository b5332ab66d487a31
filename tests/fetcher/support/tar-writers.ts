import { spawnSync } from 'node:child_process';

/** A program that writes a folder as a tar archive in one of its formats. */
export interface TarWriter {
  readonly name: string;
  readonly program: string;
  /** Its words; the archive goes to standard output. */
  readonly words: (folder: string) => readonly string[];
}

const gnuFormats = ['v7', 'oldgnu', 'gnu', 'ustar', 'pax'];
const sparseFormats = ['gnu', 'oldgnu'];
const sparseVersions = ['0.0', '0.1', '1.0'];
const libarchiveFormats = ['v7', 'ustar', 'gnutar', 'pax', 'paxr'];
const pythonFormats = ['USTAR', 'GNU', 'PAX'];

function gnu(name: string, ...options: string[]): TarWriter {
  return {
    name: `GNU tar, ${name}`,
    program: 'tar',
    words: (folder) => ['-c', '-C', folder, ...options, '.'],
  };
}

/** Python goes on after what a format has no room for, as the others do. */
const pythonProgram = `
import os, sys, tarfile
archive = tarfile.open(fileobj=sys.stdout.buffer, mode='w|', format=getattr(tarfile, sys.argv[2] + '_FORMAT'))
for folder, folders, files in os.walk(sys.argv[1]):
    for name in sorted(folders + files):
        place = os.path.join(folder, name)
        try: archive.add(place, os.path.relpath(place, sys.argv[1]), recursive=False)
        except ValueError: pass
archive.close()
`;

export const tarWriters: readonly TarWriter[] = [
  ...gnuFormats.map((format) => gnu(format, `--format=${format}`)),
  ...sparseFormats.map((format) => gnu(`${format}, sparse`, `--format=${format}`, '--sparse')),
  ...sparseVersions.map((version) =>
    gnu(`pax, sparse ${version}`, '--format=pax', '--sparse', `--sparse-version=${version}`),
  ),
  gnu('pax with a global header', '--format=pax', '--pax-option=comment=for all,mtime=0'),
  ...libarchiveFormats.map((format) => ({
    name: `bsdtar, ${format}`,
    program: 'bsdtar',
    words: (folder: string) => ['-c', '--format', format, '-C', folder, '-f', '-', '.'],
  })),
  ...pythonFormats.map((format) => ({
    name: `Python, ${format}`,
    program: 'python3',
    words: (folder: string) => ['-c', pythonProgram, folder, format],
  })),
];

/** Why a test that needs the program cannot run, or false where it can. */
export function missing(program: string): string | false {
  const { status } = spawnSync('sh', ['-c', `command -v ${program}`]);
  return status === 0 ? false : `${program} is not installed`;
}
