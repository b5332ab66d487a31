/** Other people's clients, as far as they are installed and as short as can be; `npm run test:interoperability` tries everything. */
import { describe, test } from 'node:test';
import { reasonToSkip } from '../end-to-end/native-builds.ts';
import { makeBuildbox } from './support/buildbox.ts';
import { findBazel4, findBazel7, makeBazelProject } from './support/bazel.ts';
import { buildAgain, buildElsewhere } from './support/c-project.ts';
import { findForky, installForky } from './support/installations.ts';
import { serve } from './support/server.ts';
import { runCommands } from './support/trexe.ts';

const bazel = findBazel4() ?? findBazel7();
const forky = findForky('trexe');
const noBazel =
  bazel === undefined && `no Bazel: tests/interoperability/install.sh bazel, or ${installForky}, gets one`;
const noTrexe = forky === undefined && `no trexe: ${installForky} gets it`;

describe('clients of other people', { skip: reasonToSkip() }, () => {
  test('Bazel builds a C project, and has it from the cache after', { skip: noBazel }, async (context) => {
    if (bazel === undefined) return;
    const server = await serve(context);
    const project = await makeBazelProject(context, bazel);
    const remote = `--remote_executor=grpc://${server.address}`;
    await buildAgain(project, await buildElsewhere(project, remote), remote);
  });

  test('trexe runs commands, and learns how they end', { skip: noTrexe }, async (context) => {
    if (forky === undefined) return;
    await runCommands(await makeBuildbox(context, forky), await serve(context));
  });
});
