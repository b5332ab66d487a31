/** A build whose result is there already, against `nix build` of the like where nix is installed, and against an empty Node. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { cabCommand, makeCabRig } from '../../tests/support/index.ts';
import { type Contender, alternate, isInstalled, printBar } from '../measure.ts';

const rounds = 21;

const rig = await makeCabRig();
try {
  await rig.write({
    'default.cab': `let packages = import <cab:packages> { system = "x86_64-linux", }, in
packages.substitute { name = "hello", source = ./source, values = { name = "world", }, }`,
    'source/greeting.txt': 'Hello, @name@!\n',
  });
  await rig.succeed('build');
  const environment = { PATH: process.env['PATH'] ?? '', HOME: rig.home };
  const cab: Contender = {
    name: 'cab build, nothing to do',
    program: cabCommand,
    args: ['build'],
    folder: rig.project,
    environment: { ...environment, CAB_STORE: rig.store, CAB_CONFIG: rig.configurationFile },
  };
  const node: Contender = {
    name: 'node, empty script',
    program: process.execPath,
    args: ['-e', '0'],
    folder: rig.project,
    environment,
  };
  if (isInstalled('nix')) {
    const timings = await alternate([cab, nixBuild(), node], rounds);
    printBar('a build with nothing to do, against nix build', timings, { wallMs: 2 });
  } else {
    console.log('\nnix is not installed: Debian has it in the package nix-bin');
    printBar('a build with nothing to do, against an empty Node', await alternate([cab, node], rounds), {
      wallMs: 2,
    });
  }
} finally {
  await rig.dispose();
}

/** A derivation of the same kind, in a store of its own: a local source folder, and a builder that needs nothing else. */
function nixBuild(): Contender {
  const file = path.join(rig.project, 'default.nix');
  writeFileSync(
    file,
    `derivation { name = "hello"; system = builtins.currentSystem; builder = "/bin/sh";
args = [ "-c" "echo hello > $out" ]; source = ./source; }`,
  );
  const nix = path.join(rig.folder, 'nix');
  return {
    name: 'nix build, nothing to do',
    program: 'nix',
    args: [
      '--extra-experimental-features',
      'nix-command',
      'build',
      '--out-link',
      'nix-result',
      '--file',
      file,
    ],
    folder: rig.project,
    environment: {
      PATH: process.env['PATH'] ?? '',
      HOME: rig.home,
      NIX_STORE_DIR: path.join(nix, 'store'),
      NIX_STATE_DIR: path.join(nix, 'var'),
      NIX_LOCALSTATE_DIR: path.join(nix, 'var'),
      NIX_LOG_DIR: path.join(nix, 'log'),
      NIX_CONFIG: 'sandbox = false\nbuild-users-group =\nsubstitute = false',
    },
  };
}
