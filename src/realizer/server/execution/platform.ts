import type { Action, Command } from '../../protocol/index.ts';
import { invalid } from './action-fault.ts';

/** The properties of actions that a realizer accepts, by name a list of values; `*` among them is any value. */
export type AcceptedPlatform = ReadonlyMap<string, readonly string[]>;

/** With the value `on` an action reaches the network of the machine, where the operator accepts that. */
const networkProperty = 'network';

/** What an action wants of the machine. */
export interface WantedPlatform {
  readonly hasNetwork: boolean;
}

/** Clients name the platform in the action, in its command, or in both. @throws ActionFault where it is none that is accepted. */
export function platformOf(action: Action, command: Command, accepted: AcceptedPlatform): WantedPlatform {
  const named = action.platform ?? command.platform;
  const properties = named?.properties ?? [];
  for (const { name, value } of properties) {
    const values = accepted.get(name);
    if (values === undefined)
      throw invalid(
        `the platform property '${name}' is not known here: ${told([...accepted.keys()], 'properties')}`,
      );
    if (!values.includes(value) && !values.includes('*'))
      throw invalid(
        `the platform property '${name}' is not accepted with the value '${value}': ${told(values, 'values of it')}`,
      );
  }
  return { hasNetwork: properties.some(({ name, value }) => name === networkProperty && value === 'on') };
}

function told(accepted: readonly string[], what: string): string {
  if (accepted.length === 0)
    return `this realizer accepts no ${what}, unless its operator names them in [platform]`;
  return `the ${what} that this realizer accepts are ${accepted.map((each) => `'${each}'`).join(', ')}`;
}
