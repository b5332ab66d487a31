export { type GitServer, type LoggedRequest, startGitServer } from './git-server.ts';
