/**
 * The functions of WASI preview 1 that the programs use. The file bears the import module's name, since that is
 * how AssemblyScript names the module of a function that is only declared. All answer an error number, 0 if well.
 */
export declare function proc_exit(code: i32): void;
export declare function args_sizes_get(count: usize, size: usize): i32;
export declare function args_get(pointers: usize, text: usize): i32;
export declare function environ_sizes_get(count: usize, size: usize): i32;
export declare function environ_get(pointers: usize, text: usize): i32;
export declare function fd_read(descriptor: i32, vectors: usize, count: i32, read: usize): i32;
export declare function fd_pread(descriptor: i32, vectors: usize, count: i32, offset: u64, read: usize): i32;
export declare function fd_write(descriptor: i32, vectors: usize, count: i32, written: usize): i32;
export declare function fd_close(descriptor: i32): i32;
export declare function fd_readdir(
  descriptor: i32,
  buffer: usize,
  length: i32,
  cookie: u64,
  used: usize,
): i32;
export declare function path_open(
  directory: i32,
  lookupFlags: i32,
  path: usize,
  pathLength: i32,
  openFlags: i32,
  rights: u64,
  inheritedRights: u64,
  descriptorFlags: i32,
  descriptor: usize,
): i32;
export declare function path_create_directory(directory: i32, path: usize, pathLength: i32): i32;
export declare function path_link(
  oldDirectory: i32,
  oldLookupFlags: i32,
  oldPath: usize,
  oldPathLength: i32,
  newDirectory: i32,
  newPath: usize,
  newPathLength: i32,
): i32;
export declare function path_symlink(
  target: usize,
  targetLength: i32,
  directory: i32,
  path: usize,
  pathLength: i32,
): i32;
export declare function path_readlink(
  directory: i32,
  path: usize,
  pathLength: i32,
  buffer: usize,
  length: i32,
  used: usize,
): i32;
export declare function path_filestat_get(
  directory: i32,
  lookupFlags: i32,
  path: usize,
  pathLength: i32,
  stat: usize,
): i32;
