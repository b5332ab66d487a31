import type { Settings } from '../../../configuration/index.ts';
import { type NetworkPolicy, parseAllowedPlace } from '../../index.ts';

/** What programs may reach: the public network, and what the operator names besides. */
export function readNetworkPolicy(settings: Settings): NetworkPolicy {
  const allow = settings.strings('allow').map((text) => {
    const place = parseAllowedPlace(text);
    if (place !== undefined) return place;
    throw settings.refuse(
      'allow',
      `of [network] names '${text}', which is neither a host nor a range of addresses`,
      'such as "10.0.0.0/8", "git.internal" or "git.internal:3000"',
    );
  });
  return { kind: 'public-only', allow, forNative: settings.flag('native-allow', false) };
}
