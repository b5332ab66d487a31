import path from 'node:path';
import { toStoreName } from '../../foundation/index.ts';
import type { IslandType } from '../island.ts';

/** `<path:./tools>`, `<path:/srv/tools>`: a folder or file of this machine as a tree of its own, without what git ignores. */
export const pathType: IslandType = {
  name: 'path',
  form: 'path:./FOLDER',
  options: ['path'],
  parse(body, subtree) {
    const text = typeof body === 'string' ? body : body.path;
    if (typeof text !== 'string' || !/^(\/|\.{1,2}(\/|$))/.test(text)) {
      return { ok: false, fault: `'${String(text)}' begins neither with '/' nor with './' or '../'` };
    }
    if (text.includes('\0')) return { ok: false, fault: 'it holds a NUL character' };
    const place = normalise(text);
    const last = path.posix.basename(path.posix.join(place, subtree));
    return {
      ok: true,
      island: {
        name: toStoreName(/^\.*$/.test(last) ? 'tree' : last),
        body: place,
        source: { kind: 'local', place, subtree },
      },
    };
  },
};

/** The same place by one spelling: without `.` and doubled slashes, and with `./` before what is relative. */
function normalise(text: string): string {
  const plain = path.posix.normalize(text).replace(/(?<=.)\/$/, '');
  return plain === '.' || /^(\/|\.\.(\/|$))/.test(plain) ? plain : `./${plain}`;
}
