import {
  type DiagnosticCode,
  catalogue,
  didYouMean,
  loadExplanations,
  paragraphsOf,
} from '../../diagnostics/index.ts';
import type { Command } from '../command.ts';
import { explanationText, listOfCodes } from '../explanation-text.ts';
import { UsageError, flag } from '../options.ts';

/** How wide text is set at most: longer lines are hard to follow. */
const widest = 100;

/** `cab explain`. */
export const explain: Command = {
  name: 'explain',
  usage: '[CODE…]',
  summary: 'say more about the code of an error',
  description: `
Prints what an error means, why it is one, and how such a mistake is put right. The code is what stands in brackets
before its message. Without a code it lists all that there are.

  cab explain CAB2005
  cab explain 2005`,
  options: {
    json: { type: 'boolean', description: 'print code, title, text and examples as JSON' },
  },
  async run(context, values, words) {
    context.print(await answer(words.map(codeOf), flag(values, 'json')));
  },
};

async function answer(codes: readonly DiagnosticCode[], asJson: boolean): Promise<string> {
  if (codes.length === 0 && !asJson) return listOfCodes();
  const explanations = await loadExplanations();
  if (!asJson) {
    const columns = Math.min(widest, process.stdout.columns ?? widest);
    return codes.map((code) => explanationText(code, explanations[code], columns)).join('\n');
  }
  const told = codes.length === 0 ? (Object.keys(catalogue) as DiagnosticCode[]) : codes;
  const list = told.map((code) => {
    const explanation = explanations[code];
    const text = paragraphsOf(explanation).join('\n\n');
    return { code, title: catalogue[code], ...explanation, text };
  });
  return `${JSON.stringify(list, undefined, 2)}\n`;
}

function codeOf(word: string): DiagnosticCode {
  const code = /^[0-9]+$/.test(word) ? `CAB${word}` : word.toUpperCase();
  if (Object.hasOwn(catalogue, code)) return code as DiagnosticCode;
  const hint = didYouMean(code, Object.keys(catalogue)) ?? 'cab explain lists all codes';
  throw new UsageError(`there is no code '${word}'`, hint);
}
