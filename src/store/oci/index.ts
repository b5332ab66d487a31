export type { ImagePlatform } from './configuration.ts';
export { ociImage } from './image.ts';
