export { exportArchive } from './export.ts';
export type { ArchivedOutput } from './format.ts';
export { importArchive } from './import.ts';
