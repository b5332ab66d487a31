/** The realizer's own module `cab`, described in docs/reference/wasm-builders.md; the file bears its name. */
export declare function request_open(head: usize, headLength: i32, body: usize, bodyLength: i32): i32;
export declare function response_status(response: i32): i32;
export declare function response_header(
  response: i32,
  name: usize,
  nameLength: i32,
  value: usize,
  valueLength: i32,
): i32;
export declare function response_read(response: i32, buffer: usize, length: i32): i32;
export declare function response_close(response: i32): void;
export declare function path_set_executable(
  directory: i32,
  path: usize,
  pathLength: i32,
  executable: i32,
): i32;
export declare function path_is_executable(directory: i32, path: usize, pathLength: i32): i32;
export declare function content_find(id: usize, idLength: i32, result: usize): i32;
export declare function content_place(
  id: usize,
  idLength: i32,
  directory: i32,
  path: usize,
  pathLength: i32,
): i32;
export declare function content_name(
  id: usize,
  idLength: i32,
  directory: i32,
  path: usize,
  pathLength: i32,
): i32;
export declare function filter_open(directory: i32, path: usize, pathLength: i32): i32;
export declare function filter_write(filter: i32, bytes: usize, length: i32): i32;
export declare function filter_read(filter: i32, buffer: usize, length: i32): i32;
export declare function filter_close(filter: i32): void;
