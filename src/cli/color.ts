/**
 * Whether to colour what goes to a descriptor. Who asks for no colours gets none (`NO_COLOR`), and who asks for some gets
 * them wherever it goes (`FORCE_COLOR`, `CLICOLOR_FORCE`); else a terminal gets them that is not dumb, unless `CLICOLOR` is 0.
 */
export function wantsColor(environment: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  const { NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE, CLICOLOR, TERM } = environment;
  if (NO_COLOR) return false;
  if (FORCE_COLOR) return isOn(FORCE_COLOR);
  if (CLICOLOR_FORCE && isOn(CLICOLOR_FORCE)) return true;
  return isTerminal && TERM !== 'dumb' && CLICOLOR !== '0';
}

function isOn(value: string): boolean {
  return value !== '0' && value !== 'false';
}
