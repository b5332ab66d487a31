/** What the helper is started with. */
export interface HelperSettings {
  readonly storeFolder: string;
}

/** What the helper is asked to do: files to take in, files to link, or the pieces of one file to write. */
export type HelperRequest =
  | { readonly type: 'take' | 'link'; readonly memory: SharedArrayBuffer }
  | { readonly type: 'pipe'; readonly memory: SharedArrayBuffer; readonly descriptor: number };
