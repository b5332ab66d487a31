/** An island parsed and normalised. */
export interface Island {
  readonly type: string;
  /** The island as its author wrote it, normalised: the lock's key, such as `github:cull-os/cab::/docs`. */
  readonly key: string;
  /** What its tree is called in the store. */
  readonly name: string;
  readonly source: IslandSource;
}

export type IslandSource =
  /** Fetched on a realizer by `fetch.wasm`, called with these arguments. */
  | { readonly kind: 'fetched'; readonly arguments: readonly string[] }
  /** A place of this machine, absolute, or relative to the tree of the file that names it, and a sub-tree of what is there. */
  | { readonly kind: 'local'; readonly place: string; readonly subtree: string }
  /** Part of Cab itself: a folder of the library. */
  | { readonly kind: 'library'; readonly folder: string };

/** A text or named options, as written behind `type:`. */
export type IslandBody = string | Readonly<Record<string, string | boolean>>;

export type IslandParse =
  | { readonly ok: true; readonly island: Omit<Island, 'type' | 'key'> & { readonly body: string } }
  | IslandFault;

/** Why a body is malformed, and how it becomes well formed where that is not plain from the type's form. */
export interface IslandFault {
  readonly ok: false;
  readonly fault: string;
  readonly hint?: string;
}

/** One type of island: a file in `types/`. */
export interface IslandType {
  readonly name: string;
  /** For help and messages: the form of the text, such as `github:OWNER/REPOSITORY[/REF]`. */
  readonly form: string;
  /** The options of the form `<type:{ … }>` that the type knows. */
  readonly options: readonly string[];
  /** `subtree` has no leading or trailing `/`, and is empty where the whole tree is meant. `body` in the result is the normalised one. */
  parse(body: IslandBody, subtree: string): IslandParse;
}
