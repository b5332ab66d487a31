// A builder for tests, in AssemblyScript: each of its arguments is a command, and each failure is a line of the log.

@external("wasi_snapshot_preview1", "args_sizes_get") declare function args_sizes_get(count: usize, size: usize): i32;
@external("wasi_snapshot_preview1", "args_get") declare function args_get(pointers: usize, bytes: usize): i32;
@external("wasi_snapshot_preview1", "environ_sizes_get") declare function environ_sizes_get(count: usize, size: usize): i32;
@external("wasi_snapshot_preview1", "environ_get") declare function environ_get(pointers: usize, bytes: usize): i32;
@external("wasi_snapshot_preview1", "clock_time_get") declare function clock_time_get(id: i32, precision: i64, answer: usize): i32;
@external("wasi_snapshot_preview1", "random_get") declare function random_get(pointer: usize, length: i32): i32;
@external("wasi_snapshot_preview1", "poll_oneoff") declare function poll_oneoff(input: usize, output: usize, count: i32, answer: usize): i32;
@external("wasi_snapshot_preview1", "proc_exit") declare function proc_exit(code: i32): void;
@external("wasi_snapshot_preview1", "sched_yield") declare function sched_yield(): i32;
@external("wasi_snapshot_preview1", "fd_write") declare function fd_write(fd: i32, buffers: usize, count: i32, answer: usize): i32;
@external("wasi_snapshot_preview1", "fd_read") declare function fd_read(fd: i32, buffers: usize, count: i32, answer: usize): i32;
@external("wasi_snapshot_preview1", "fd_pread") declare function fd_pread(fd: i32, buffers: usize, count: i32, offset: i64, answer: usize): i32;
@external("wasi_snapshot_preview1", "fd_pwrite") declare function fd_pwrite(fd: i32, buffers: usize, count: i32, offset: i64, answer: usize): i32;
@external("wasi_snapshot_preview1", "fd_seek") declare function fd_seek(fd: i32, offset: i64, whence: i32, answer: usize): i32;
@external("wasi_snapshot_preview1", "fd_close") declare function fd_close(fd: i32): i32;
@external("wasi_snapshot_preview1", "fd_readdir") declare function fd_readdir(fd: i32, buffer: usize, length: i32, cookie: i64, answer: usize): i32;
@external("wasi_snapshot_preview1", "fd_filestat_set_size") declare function fd_filestat_set_size(fd: i32, size: i64): i32;
@external("wasi_snapshot_preview1", "path_open") declare function path_open(fd: i32, lookup: i32, path: usize, length: i32, flags: i32, rights: i64, inheriting: i64, fdflags: i32, answer: usize): i32;
@external("wasi_snapshot_preview1", "path_create_directory") declare function path_create_directory(fd: i32, path: usize, length: i32): i32;
@external("wasi_snapshot_preview1", "path_remove_directory") declare function path_remove_directory(fd: i32, path: usize, length: i32): i32;
@external("wasi_snapshot_preview1", "path_unlink_file") declare function path_unlink_file(fd: i32, path: usize, length: i32): i32;
@external("wasi_snapshot_preview1", "path_symlink") declare function path_symlink(target: usize, targetLength: i32, fd: i32, path: usize, length: i32): i32;
@external("wasi_snapshot_preview1", "path_readlink") declare function path_readlink(fd: i32, path: usize, length: i32, buffer: usize, bufferLength: i32, answer: usize): i32;
@external("wasi_snapshot_preview1", "path_link") declare function path_link(fd: i32, lookup: i32, path: usize, length: i32, toFd: i32, to: usize, toLength: i32): i32;
@external("wasi_snapshot_preview1", "path_rename") declare function path_rename(fd: i32, path: usize, length: i32, toFd: i32, to: usize, toLength: i32): i32;
@external("wasi_snapshot_preview1", "path_filestat_get") declare function path_filestat_get(fd: i32, lookup: i32, path: usize, length: i32, answer: usize): i32;
@external("cab", "request_open") declare function request_open(head: usize, headLength: i32, body: usize, bodyLength: i32): i32;
@external("cab", "response_status") declare function response_status(response: i32): i32;
@external("cab", "response_header") declare function response_header(response: i32, name: usize, nameLength: i32, value: usize, valueLength: i32): i32;
@external("cab", "response_read") declare function response_read(response: i32, buffer: usize, length: i32): i32;
@external("cab", "response_close") declare function response_close(response: i32): void;
@external("cab", "path_set_executable") declare function path_set_executable(fd: i32, path: usize, length: i32, executable: i32): i32;
@external("cab", "path_is_executable") declare function path_is_executable(fd: i32, path: usize, length: i32): i32;
@external("cab", "content_find") declare function content_find(id: usize, idLength: i32, result: usize): i32;
@external("cab", "content_place") declare function content_place(id: usize, idLength: i32, fd: i32, path: usize, length: i32): i32;
@external("cab", "content_name") declare function content_name(id: usize, idLength: i32, fd: i32, path: usize, length: i32): i32;
@external("cab", "filter_open") declare function filter_open(fd: i32, path: usize, length: i32): i32;
@external("cab", "filter_write") declare function filter_write(filter: i32, bytes: usize, length: i32): i32;
@external("cab", "filter_read") declare function filter_read(filter: i32, buffer: usize, length: i32): i32;
@external("cab", "filter_close") declare function filter_close(filter: i32): void;

const READ: i64 = 1 << 1;
const WRITE: i64 = 1 << 6;
const SCRATCH: usize = heap.alloc(128);
const BUFFER: usize = heap.alloc(131072);

function utf8(text: string): ArrayBuffer { return String.UTF8.encode(text); }

function log(text: string): void {
  const bytes = utf8(text + "\n");
  store<u32>(SCRATCH, changetype<usize>(bytes) as u32);
  store<u32>(SCRATCH, bytes.byteLength, 4);
  fd_write(2, SCRATCH, 1, SCRATCH + 8);
}

function check(command: string, error: i32): i32 {
  if (error != 0) log(command + ": error " + error.toString());
  return error;
}

function strings(isEnvironment: bool): string[] {
  if (isEnvironment) environ_sizes_get(SCRATCH, SCRATCH + 4); else args_sizes_get(SCRATCH, SCRATCH + 4);
  const count = load<i32>(SCRATCH);
  const pointers = heap.alloc(4 * count + 4);
  const bytes = heap.alloc(load<i32>(SCRATCH, 4) + 4);
  if (isEnvironment) environ_get(pointers, bytes); else args_get(pointers, bytes);
  const texts: string[] = [];
  for (let i = 0; i < count; i++) {
    const start = load<u32>(pointers + 4 * i);
    let end = start;
    while (load<u8>(end) != 0) end++;
    texts.push(String.UTF8.decodeUnsafe(start, end - start));
  }
  return texts;
}

function variable(name: string): string {
  const all = strings(true);
  for (let i = 0; i < all.length; i++) if (all[i].startsWith(name + "=")) return all[i].substring(name.length + 1);
  return "";
}

function expand(text: string): string {
  return text.startsWith("$out") ? variable("out") + text.substring(4) : text;
}

// A path from the root goes through descriptor 4, any other through 3.
class Path {
  fd: i32;
  bytes: ArrayBuffer;
  constructor(text: string) {
    const path = expand(text);
    this.fd = path.startsWith("/") ? 4 : 3;
    const relative = path.startsWith("/") ? path.substring(1) : path;
    this.bytes = utf8(relative == "" ? "." : relative);
  }
  get pointer(): usize { return changetype<usize>(this.bytes); }
  get length(): i32 { return this.bytes.byteLength; }
}

function open(command: string, path: string, flags: i32, rights: i64, fdflags: i32 = 0): i32 {
  const at = new Path(path);
  const error = path_open(at.fd, 1, at.pointer, at.length, flags, rights, 0, fdflags, SCRATCH);
  return check(command, error) == 0 ? load<i32>(SCRATCH) : -1;
}

function put(fd: i32, pointer: usize, length: i32): i32 {
  store<u32>(SCRATCH, pointer as u32);
  store<u32>(SCRATCH, length, 4);
  return fd_write(fd, SCRATCH, 1, SCRATCH + 8);
}

function putText(fd: i32, text: string): i32 {
  const bytes = utf8(text);
  return put(fd, changetype<usize>(bytes), bytes.byteLength);
}

function get(fd: i32): i32 {
  store<u32>(SCRATCH, BUFFER as u32);
  store<u32>(SCRATCH, 65536, 4);
  const error = fd_read(fd, SCRATCH, 1, SCRATCH + 8);
  return error == 0 ? load<i32>(SCRATCH, 8) : -error;
}

function text(length: i32): string { return String.UTF8.decodeUnsafe(BUFFER, length); }

function list(path: string): void {
  const fd = open("list", path, 2, READ);
  if (fd < 0) return;
  let cookie: i64 = 0;
  let names = "";
  // A buffer in which hardly one entry fits makes each listing go through many cookies.
  while (true) {
    if (check("list", fd_readdir(fd, BUFFER, 64, cookie, SCRATCH)) != 0) return;
    const filled = load<i32>(SCRATCH);
    let at = 0;
    let some = false;
    while (at + 24 <= filled) {
      const length = load<i32>(BUFFER + at, 16);
      if (at + 24 + length > filled) break;
      const name = String.UTF8.decodeUnsafe(BUFFER + at + 24, length);
      if (name != "." && name != "..") names += (names == "" ? "" : " ") + name + ":" + load<u8>(BUFFER + at, 20).toString();
      cookie = load<i64>(BUFFER + at);
      at += 24 + length;
      some = true;
    }
    if (filled < 64 || !some) break;
  }
  fd_close(fd);
  log("list: " + names);
}

function request(head: string, body: string): i32 {
  const headBytes = utf8(head);
  const bodyBytes = utf8(body);
  return request_open(changetype<usize>(headBytes), headBytes.byteLength, changetype<usize>(bodyBytes), bodyBytes.byteLength);
}

function header(response: i32, name: string): string {
  const bytes = utf8(name);
  const length = response_header(response, changetype<usize>(bytes), bytes.byteLength, BUFFER, 65536);
  return length < 0 ? "none" : text(length);
}

// The body goes to a file, or with `-` to nowhere; the log gets the status and the length or error.
function fetch(head: string, body: string, path: string): void {
  const response = request(head, body);
  if (response < 0) { log("fetch: error " + response.toString()); return; }
  const fd = path == "-" ? -1 : open("fetch", path, 1 | 8, WRITE);
  let total = 0;
  let read = 0;
  while ((read = response_read(response, BUFFER, 65536)) > 0) {
    total += read;
    if (fd >= 0) put(fd, BUFFER, read);
  }
  if (fd >= 0) fd_close(fd);
  log("fetch: " + response_status(response).toString() + " " + header(response, "content-type") + " " + (read < 0 ? "error " + read.toString() : total.toString()));
  response_close(response);
}

function status(command: string, path: string, lookup: i32): void {
  const at = new Path(path);
  if (check(command, path_filestat_get(at.fd, lookup, at.pointer, at.length, BUFFER)) != 0) return;
  log(command + ": type " + load<u8>(BUFFER, 16).toString() + " links " + load<u64>(BUFFER, 24).toString() + " size " + load<u64>(BUFFER, 32).toString() + " time " + load<u64>(BUFFER, 48).toString());
}

function pair(command: string, from: string, to: string): void {
  const a = new Path(from);
  const b = new Path(to);
  if (command == "link") check(command, path_link(a.fd, 0, a.pointer, a.length, b.fd, b.pointer, b.length));
  else check(command, path_rename(a.fd, a.pointer, a.length, b.fd, b.pointer, b.length));
}

function digest(): string {
  let digits = "";
  for (let i = 0; i < 32; i++) digits += (load<u8>(BUFFER + i) < 16 ? "0" : "") + (load<u8>(BUFFER + i) as u32).toString(16);
  return digits;
}

function content(command: string, id: string, path: string): void {
  const name = utf8(id);
  const at = new Path(path);
  if (command == "find") {
    const kind = content_find(changetype<usize>(name), name.byteLength, BUFFER);
    log("find: " + kind.toString() + (kind == 0 ? "" : " " + digest() + " " + load<u64>(BUFFER, 32).toString()));
  } else if (command == "place") check(command, content_place(changetype<usize>(name), name.byteLength, at.fd, at.pointer, at.length));
  else check(command, content_name(changetype<usize>(name), name.byteLength, at.fd, at.pointer, at.length));
}

function sleep(milliseconds: i64): void {
  memory.fill(BUFFER, 0, 48);
  store<u32>(BUFFER, 1, 16);
  store<u64>(BUFFER, milliseconds * 1000000, 24);
  check("sleep", poll_oneoff(BUFFER, BUFFER + 64, 1, SCRATCH));
}

// Reads until the filter wants more or has ended, and answers the last result.
function drain(filter: i32, fd: i32, length: i32): i32 {
  let read = 0;
  while ((read = filter_read(filter, BUFFER + 65536, length)) > 0) put(fd, BUFFER + 65536, read);
  return read;
}

function filterFile(path: string, from: string, to: string, pieceLength: i32): void {
  const at = new Path(path);
  const filter = filter_open(at.fd, at.pointer, at.length);
  if (filter < 0) { log("filter: cannot open " + filter.toString()); return; }
  const input = open("filter", from, 0, READ);
  const output = open("filter", to, 1 | 8, WRITE);
  let result = 0;
  let left = 0;
  while (result >= 0 && (left = get(input)) > 0) {
    let bytes = BUFFER;
    while (result >= 0 && left > 0) {
      const taken = filter_write(filter, bytes, min(left, pieceLength));
      if (taken < 0) { result = taken; break; }
      bytes += taken;
      left -= taken;
      result = drain(filter, output, pieceLength);
    }
  }
  if (result >= 0) result = filter_write(filter, 0, 0);
  if (result >= 0) result = drain(filter, output, pieceLength);
  fd_close(input);
  fd_close(output);
  filter_close(filter);
  log("filter: " + result.toString());
}

let held: i32 = -1;

function execute(line: string): void {
  const words = line.split(" ");
  const command = words[0];
  const first = words.length > 1 ? words[1] : "";
  const second = words.length > 2 ? words[2] : "";
  const rest = words.length > 2 ? words.slice(2).join(" ") : "";
  const at = new Path(first);
  if (command == "say") log(words.slice(1).join(" "));
  else if (command == "write" || command == "append") {
    const fd = open(command, first, command == "write" ? 1 | 8 : 1, WRITE, command == "write" ? 0 : 1);
    if (fd >= 0) { check(command, putText(fd, rest)); check(command, fd_close(fd)); }
  } else if (command == "create") {
    const fd = open(command, first, 1 | 4, WRITE);
    if (fd >= 0) fd_close(fd);
  } else if (command == "fill") {
    const fd = open(command, first, 1 | 8, WRITE);
    if (fd < 0) return;
    for (let left = I32.parseInt(second); left > 0; left -= 65536) {
      memory.fill(BUFFER, 97 + ((left >> 16) % 26) as u8, 65536);
      if (check(command, put(fd, BUFFER, min(left, 65536))) != 0) break;
    }
    fd_close(fd);
  } else if (command == "hold") held = open(command, first, 1, READ | WRITE);
  else if (command == "held-write") check(command, putText(held, words.slice(1).join(" ")));
  else if (command == "held-seek") check(command, fd_seek(held, I64.parseInt(first), I32.parseInt(second), SCRATCH));
  else if (command == "held-read") { const n = get(held); log(n < 0 ? "held-read: error " + (-n).toString() : "held-read: " + text(n)); }
  else if (command == "held-close") check(command, fd_close(held));
  else if (command == "patch") {
    const fd = open(command, first, 0, WRITE);
    const bytes = utf8(words.slice(3).join(" "));
    store<u32>(SCRATCH, changetype<usize>(bytes) as u32);
    store<u32>(SCRATCH, bytes.byteLength, 4);
    check(command, fd_pwrite(fd, SCRATCH, 1, I64.parseInt(second), SCRATCH + 8));
    fd_close(fd);
  } else if (command == "truncate") {
    const fd = open(command, first, 0, WRITE);
    check(command, fd_filestat_set_size(fd, I64.parseInt(second)));
    fd_close(fd);
  } else if (command == "read") {
    const fd = open(command, first, 0, READ);
    if (fd >= 0) { const n = get(fd); log("read: " + (n < 0 ? "error " + (-n).toString() : text(n))); fd_close(fd); }
  } else if (command == "slice") {
    const fd = open(command, first, 0, READ);
    store<u32>(SCRATCH, BUFFER as u32);
    store<u32>(SCRATCH, I32.parseInt(words[3]), 4);
    if (check(command, fd_pread(fd, SCRATCH, 1, I64.parseInt(second), SCRATCH + 8)) == 0) log("slice: " + text(load<i32>(SCRATCH, 8)));
    fd_close(fd);
  } else if (command == "mkdir") check(command, path_create_directory(at.fd, at.pointer, at.length));
  else if (command == "rmdir") check(command, path_remove_directory(at.fd, at.pointer, at.length));
  else if (command == "unlink") check(command, path_unlink_file(at.fd, at.pointer, at.length));
  else if (command == "symlink") {
    const target = utf8(expand(first));
    const to = new Path(second);
    check(command, path_symlink(changetype<usize>(target), target.byteLength, to.fd, to.pointer, to.length));
  } else if (command == "readlink") {
    if (check(command, path_readlink(at.fd, at.pointer, at.length, BUFFER, 4096, SCRATCH)) == 0) log("readlink: " + text(load<i32>(SCRATCH)));
  } else if (command == "link" || command == "rename") pair(command, first, second);
  else if (command == "find" || command == "place" || command == "name") content(command, first, second);
  else if (command == "list") list(first);
  else if (command == "stat") status(command, first, 1);
  else if (command == "lstat") status(command, first, 0);
  else if (command == "executable") check(command, path_set_executable(at.fd, at.pointer, at.length, I32.parseInt(second)));
  else if (command == "is-executable") log("is-executable: " + path_is_executable(at.fd, at.pointer, at.length).toString());
  else if (command == "claim") {
    const fd = open(command, "fix", 0, WRITE);
    if (fd >= 0) { check(command, putText(fd, words.slice(1).join(" ") + "\n")); fd_close(fd); }
  } else if (command == "claim-part") {
    const fd = open(command, "fix", 0, WRITE);
    putText(fd, words.slice(1).join(" "));
    fd_close(fd);
  } else if (command == "variable") log("variable: " + variable(first));
  else if (command == "clock") { clock_time_get(I32.parseInt(first), 1, SCRATCH); log("clock: " + load<u64>(SCRATCH).toString()); }
  else if (command == "random") { random_get(SCRATCH, 8); log("random: " + load<u64>(SCRATCH).toString()); }
  else if (command == "sleep") sleep(I64.parseInt(first));
  else if (command == "get") fetch("GET " + first, "", words.length > 2 ? second : "-");
  else if (command == "keep") log("keep: " + (request("GET " + first, "") >= 0 ? "yes" : "no"));
  else if (command == "head") fetch("HEAD " + first, "", "-");
  else if (command == "get-with") fetch("GET " + first + "\n" + words.slice(2).join(" "), "", "-");
  else if (command == "post") fetch("POST " + first + "\ncontent-type: " + second, words.slice(3).join(" "), "-");
  else if (command == "request") fetch(words.slice(1).join(" "), "", "-");
  else if (command == "filter") filterFile(first, second, words[3], words.length > 4 ? I32.parseInt(words[4]) : 65536);
  else if (command == "filter-open") log("filter-open: " + filter_open(at.fd, at.pointer, at.length).toString());
  else if (command == "filter-write") { const bytes = utf8(rest); log("filter-write: " + filter_write(I32.parseInt(first), changetype<usize>(bytes), bytes.byteLength).toString()); }
  else if (command == "filter-fill") { memory.fill(BUFFER, 97, 65536); let total = 0; let taken = 0; while ((taken = filter_write(I32.parseInt(first), BUFFER, 65536)) > 0) total += taken; log("filter-fill: " + total.toString() + " " + taken.toString()); }
  else if (command == "filter-read") { const n = filter_read(I32.parseInt(first), BUFFER, 64); log("filter-read: " + n.toString() + (n > 0 ? " " + text(n) : "")); }
  else if (command == "filter-close") filter_close(I32.parseInt(first));
  else if (command == "grow") log("grow: " + (memory.grow(I32.parseInt(first)) >= 0 ? "yes" : "no"));
  else if (command == "exit") proc_exit(I32.parseInt(first));
  else if (command == "trap") unreachable();
  else if (command == "loop") while (true) {}
  else if (command == "spin") while (true) sched_yield();
  else log("no such command: " + command);
}

const commands = strings(false);
for (let i = 1; i < commands.length; i++) execute(commands[i]);
