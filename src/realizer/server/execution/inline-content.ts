import type { ActionResult } from '../../protocol/index.ts';
import { type DigestFunctionName, contentDigestOf } from '../../protocol/index.ts';
import type { ContentStore } from '../content/content-store.ts';
import type { Inlining } from './work.ts';

/** How much one result may hold of content that has digests, in bytes: clients take messages of 4 MiB. */
const inlineLimit = 1 << 20;

/** Puts content into a result where that is wanted and small; what is not stands there by its digest only. */
export async function inlineContent(
  result: ActionResult,
  inline: Inlining,
  name: DigestFunctionName,
  content: ContentStore,
): Promise<void> {
  let left = inlineLimit;
  const take = async (digest: ActionResult['stdoutDigest']): Promise<Uint8Array> => {
    const known = contentDigestOf(name, digest);
    const bytes = known === undefined || known.size > left ? undefined : await content.read(known);
    left -= bytes?.length ?? 0;
    return bytes ?? new Uint8Array(0);
  };
  if (inline.stdout) result.stdoutRaw = await take(result.stdoutDigest);
  if (inline.stderr) result.stderrRaw = await take(result.stderrDigest);
  for (const file of result.outputFiles)
    if (inline.files.has(file.path)) file.contents = await take(file.digest);
}
