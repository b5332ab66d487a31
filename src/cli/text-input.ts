import { DiagnosticError } from '../diagnostics/index.ts';
import { readBytes } from './byte-input.ts';
import type { CommandContext } from './command.ts';

/**
 * All that the standard input holds, as text.
 *
 * @throws UsageError where it is a terminal, DiagnosticError CAB6022 where it cannot be read, CAB2017 where it is no text.
 */
export async function readStandardInput(context: CommandContext): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of readBytes(context, undefined)) chunks.push(chunk);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks));
  } catch (cause) {
    const message = 'the standard input is not UTF-8 text';
    throw new DiagnosticError({ code: 'CAB2017', severity: 'error', message }, { cause });
  }
}
