export { publishCrate } from './crates.ts';
export { goProxyOf, publishGoModule } from './go.ts';
export { type NpmPublication, publishNpm } from './npm.ts';
export { type Image, type Layer, type OciRegistry, pushImage, startOciRegistry, writeLayout } from './oci.ts';
export { hashOf, runTool, writeFiles } from './packages.ts';
export { buildSource, buildWheel, writeSimpleIndex } from './pypi.ts';
