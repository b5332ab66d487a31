/** What `make` makes, made when it is first asked for: for what takes long to make and is seldom needed. */
export function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
