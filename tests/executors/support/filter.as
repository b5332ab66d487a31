// A filter for tests, in AssemblyScript: the first byte of its input says what it does with the rest.

@external("wasi_snapshot_preview1", "args_sizes_get") declare function args_sizes_get(count: usize, size: usize): i32;
@external("wasi_snapshot_preview1", "environ_sizes_get") declare function environ_sizes_get(count: usize, size: usize): i32;
@external("wasi_snapshot_preview1", "clock_time_get") declare function clock_time_get(id: i32, precision: i64, answer: usize): i32;
@external("wasi_snapshot_preview1", "random_get") declare function random_get(pointer: usize, length: i32): i32;
@external("wasi_snapshot_preview1", "proc_exit") declare function proc_exit(code: i32): void;
@external("wasi_snapshot_preview1", "sched_yield") declare function sched_yield(): i32;
@external("wasi_snapshot_preview1", "fd_write") declare function fd_write(fd: i32, buffers: usize, count: i32, answer: usize): i32;
@external("wasi_snapshot_preview1", "fd_read") declare function fd_read(fd: i32, buffers: usize, count: i32, answer: usize): i32;
@external("wasi_snapshot_preview1", "fd_prestat_get") declare function fd_prestat_get(fd: i32, answer: usize): i32;
@external("wasi_snapshot_preview1", "path_open") declare function path_open(fd: i32, lookup: i32, path: usize, length: i32, flags: i32, rights: i64, inheriting: i64, fdflags: i32, answer: usize): i32;

const SCRATCH: usize = memory.data(64, 8);
const BUFFER: usize = memory.data(65536, 8);
const LARGE: usize = memory.data(1 << 20, 8);

function read(): i32 {
  store<u32>(SCRATCH, BUFFER as u32);
  store<u32>(SCRATCH, 65536, 4);
  return fd_read(0, SCRATCH, 1, SCRATCH + 8) == 0 ? load<i32>(SCRATCH, 8) : -1;
}

function write(fd: i32, bytes: usize, length: i32): void {
  while (length > 0) {
    store<u32>(SCRATCH, bytes as u32);
    store<u32>(SCRATCH, length, 4);
    if (fd_write(fd, SCRATCH, 1, SCRATCH + 8) != 0) unreachable();
    bytes += load<u32>(SCRATCH, 8);
    length -= load<i32>(SCRATCH, 8);
  }
}

function say(fd: i32, text: string): void {
  for (let i = 0; i < text.length; i++) store<u8>(BUFFER + i, text.charCodeAt(i) as u8);
  write(fd, BUFFER, text.length);
}

function drain(): void { while (read() > 0) {} }

function digit(number: i32): void { store<u8>(BUFFER, (48 + min(number, 9)) as u8); write(1, BUFFER, 1); }

function look(): void {
  args_sizes_get(SCRATCH, SCRATCH + 4);
  digit(load<i32>(SCRATCH));
  environ_sizes_get(SCRATCH, SCRATCH + 4);
  digit(load<i32>(SCRATCH));
  for (let fd = 0; fd < 8; fd++) {
    digit(fd_prestat_get(fd, SCRATCH) == 0 ? 1 : 0);
    store<u8>(BUFFER, 46);
    digit(path_open(fd, 0, BUFFER, 1, 1, -1, -1, 0, SCRATCH) == 0 ? 1 : 0);
  }
  clock_time_get(0, 1, SCRATCH);
  digit((load<u64>(SCRATCH) / 1000000000 == 315532800) ? 1 : 0);
}

let length = read();
const mode: u8 = length > 0 ? load<u8>(BUFFER) : 0;
if (mode == 99) { // c: copy
  if (length > 1) write(1, BUFFER + 1, length - 1);
  while ((length = read()) > 0) write(1, BUFFER, length);
} else if (mode == 100) { // d: each byte sixteen times
  let from = 1;
  do {
    for (let i = 0; i < length; i++) memory.fill(LARGE + (i << 4), load<u8>(BUFFER + i), 16);
    write(1, LARGE + (from << 4), (length - from) << 4);
    from = 0;
  } while ((length = read()) > 0);
} else if (mode == 101) { say(2, "what is wrong"); proc_exit(12); } // e
else if (mode == 120) { drain(); say(1, "so far"); proc_exit(3); } // x
else if (mode == 121) { drain(); proc_exit(300); } // y
else if (mode == 116) { say(1, "so far"); unreachable(); } // t
else if (mode == 108) while (true) {} // l
else if (mode == 115) while (true) sched_yield(); // s
else if (mode == 102) while (true) write(1, LARGE, 1 << 20); // f: fill for ever
else if (mode == 119) while (true) { memory.fill(BUFFER, 119, 80); store<u8>(BUFFER + 79, 10); write(2, BUFFER, 80); } // w: complain for ever
else if (mode == 113) proc_exit(0); // q: quit
else if (mode == 109) { digit(memory.grow(4050) >= 0 ? 1 : 0); digit(memory.grow(4096) >= 0 ? 1 : 0); drain(); } // m: memory
else if (mode == 111) { look(); drain(); } // o
else if (mode == 114) { random_get(LARGE, 4); for (let i = 0; i < 4; i++) digit(load<u8>(LARGE + i) & 7); drain(); } // r
else proc_exit(9);
