/** A forge as a program, for a machine of its own: `node forge.ts FOLDER ADDRESS`. Writes where it is, and ends when its input does. */
import { startGitServer } from '../server/index.ts';

const [repositories = '', host = ''] = process.argv.slice(2);
const server = await startGitServer({ repositories, host });
console.log(server.url);
process.stdin.resume().once('end', () => void server.close());
