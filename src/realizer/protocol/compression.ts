import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** What a compressed content may take to be read, as the logarithm of bytes: it is the sender that chooses. */
const largestWindowLog = 24;
/** The fastest: between machines that are near each other more would take longer than it saves. */
const compressionLevel = 1;
/** What is shorter would hardly become smaller. */
const worthCompressing = 512;

export const decompressionOptions = {
  params: { [constants.ZSTD_d_windowLogMax]: largestWindowLog },
};

export const compressionOptions = {
  params: { [constants.ZSTD_c_compressionLevel]: compressionLevel },
};

/** Content of a known size; undefined where it is no zstd, or comes to another size. What would come to more is not made. */
export function decompress(compressed: Uint8Array, size: number): Uint8Array | undefined {
  try {
    const content = zstdDecompressSync(compressed, {
      ...decompressionOptions,
      maxOutputLength: Math.max(1, size),
    });
    return content.length === size ? content : undefined;
  } catch {
    return undefined;
  }
}

/** The content compressed, or undefined where that would not make it smaller by much. */
export function compress(content: Uint8Array): Uint8Array | undefined {
  if (content.length < worthCompressing) return undefined;
  const compressed = zstdCompressSync(content, compressionOptions);
  return compressed.length < content.length - content.length / 8 ? compressed : undefined;
}
