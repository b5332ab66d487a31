import type { IslandType } from '../island.ts';

const folders = ['packages', 'programs'];

/** `<cab:packages>`: what comes with Cab itself. */
export const cab: IslandType = {
  name: 'cab',
  form: 'cab:NAME',
  options: [],
  parse(body, subtree) {
    if (typeof body !== 'string' || !folders.includes(body)) {
      return {
        ok: false,
        fault: `Cab brings no ${typeof body === 'string' ? `'${body}'` : 'island of that form'}`,
        hint: `there are ${folders.map((folder) => `<cab:${folder}>`).join(' and ')}`,
      };
    }
    if (subtree !== '') return { ok: false, fault: 'an island of Cab itself has no sub-trees' };
    return { ok: true, island: { name: `cab-${body}`, body, source: { kind: 'library', folder: body } } };
  },
};
