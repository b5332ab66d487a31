export { decodeSyntax } from './decode.ts';
export { encodeSyntax } from './encode.ts';
