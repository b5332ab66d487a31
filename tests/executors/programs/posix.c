// The functions of POSIX that a builder in C uses, by the rules of POSIX. Its arguments are a word and an input.
#include "check.h"
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static const char *input;

static void writes(const char *path, const char *text) {
  FILE *file = fopen(path, "w");
  CHECK(file != NULL);
  CHECK(fputs(text, file) >= 0);
  CHECK(fclose(file) == 0);
}

static int holds(const char *path, const char *text) {
  char content[256] = {0};
  FILE *file = fopen(path, "r");
  if (file == NULL) return 0;
  size_t length = fread(content, 1, sizeof content - 1, file);
  fclose(file);
  return length == strlen(text) && strcmp(content, text) == 0;
}

static off_t sizeOf(const char *path) {
  struct stat status;
  return stat(path, &status) == 0 ? status.st_size : -1;
}

static void surroundings(int count, char **words) {
  char folder[16];
  CHECK(count == 3 && strcmp(words[1], "wörd") == 0);
  CHECK(strcmp(getenv("greeting"), "hello, wörld") == 0);
  CHECK(getenv("HOME") == NULL);
  CHECK(strcmp(getcwd(folder, sizeof folder), "/") == 0);
  CHECK(getchar() == EOF);
  CHECK(!isatty(0) && !isatty(1));
  CHECK(time(NULL) == 315532800);
  struct timespec hour = {3600, 0};
  CHECK(nanosleep(&hour, NULL) == 0);
  struct pollfd watched = {.fd = 1, .events = POLLOUT};
  CHECK(poll(&watched, 1, -1) == 1 && watched.revents == POLLOUT);
}

static void streams(void) {
  writes("stream", "one two three");
  FILE *file = fopen("stream", "r+");
  char word[8] = {0};
  CHECK(fscanf(file, "%7s", word) == 1 && strcmp(word, "one") == 0);
  CHECK(fseek(file, -5, SEEK_END) == 0 && ftell(file) == 8);
  CHECK(fwrite("THREE", 1, 5, file) == 5);
  rewind(file);
  CHECK(fgetc(file) == 'o' && ungetc('O', file) == 'O' && fgetc(file) == 'O');
  CHECK(fclose(file) == 0 && holds("stream", "one two THREE"));
  file = fopen("stream", "a+");
  CHECK(fputs(" four", file) >= 0 && fclose(file) == 0);
  CHECK(holds("stream", "one two THREE four"));
  FAILS(fopen("stream", "wx") == NULL, EEXIST);
  FAILS(fopen("missing", "r") == NULL, ENOENT);
  FAILS(fopen("missing/inner", "w") == NULL, ENOENT);
  FAILS(fopen("stream/inner", "w") == NULL, ENOTDIR);
}

static void descriptors(void) {
  int file = open("positions", O_RDWR | O_CREAT | O_EXCL, 0644);
  char bytes[8] = {0};
  CHECK(pwrite(file, "end", 3, 10) == 3 && lseek(file, 0, SEEK_CUR) == 0);
  CHECK(pread(file, bytes, 8, 8) == 5 && memcmp(bytes, "\0\0end", 5) == 0);
  CHECK(lseek(file, 4, SEEK_SET) == 4 && lseek(file, 2, SEEK_CUR) == 6 && lseek(file, -1, SEEK_END) == 12);
  FAILS(lseek(file, -1, SEEK_SET) == -1, EINVAL);
  CHECK(lseek(file, 100, SEEK_SET) == 100 && read(file, bytes, 1) == 0);
  struct iovec pieces[] = {{"abc", 3}, {"", 0}, {"de", 2}};
  CHECK(lseek(file, 0, SEEK_SET) == 0 && writev(file, pieces, 3) == 5);
  struct iovec places[] = {{bytes, 2}, {bytes + 4, 3}};
  CHECK(preadv(file, places, 2, 0) == 5 && memcmp(bytes, "ab", 2) == 0 && memcmp(bytes + 4, "cde", 3) == 0);
  CHECK(ftruncate(file, 2) == 0 && sizeOf("positions") == 2);
  CHECK(posix_fallocate(file, 0, 6) == 0 && sizeOf("positions") == 6 && posix_fallocate(file, 0, 1) == 0);
  CHECK(pread(file, bytes, 8, 0) == 6 && memcmp(bytes, "ab\0\0\0\0", 6) == 0);
  CHECK(fcntl(file, F_GETFL) == O_RDWR && fcntl(file, F_SETFL, O_APPEND) == 0);
  CHECK((fcntl(file, F_GETFL) & O_APPEND) != 0 && lseek(file, 0, SEEK_SET) == 0 && write(file, "+", 1) == 1);
  CHECK(sizeOf("positions") == 7 && fsync(file) == 0 && fdatasync(file) == 0);
  CHECK(posix_fadvise(file, 0, 0, POSIX_FADV_SEQUENTIAL) == 0);
  CHECK(shutdown(file, SHUT_RD) == -1 && errno == ENOTSOCK);
  CHECK(close(file) == 0);
  FAILS(close(file) == -1, EBADF);
  FAILS(read(file, bytes, 1) == -1, EBADF);
  FAILS(lseek(1, 0, SEEK_CUR) == -1, ESPIPE);
  FAILS(open("/build", O_RDWR) == -1, EISDIR);
  int readOnly = open("positions", O_RDONLY);
  CHECK(write(readOnly, "x", 1) == -1 && close(readOnly) == 0);
}

static int makeFolders(char *path) {
  for (char *slash = strchr(path + 1, '/');; slash = strchr(slash + 1, '/')) {
    if (slash != NULL) *slash = 0;
    if (mkdir(path, 0777) != 0 && errno != EEXIST) return -1;
    if (slash == NULL) return 0;
    *slash = '/';
  }
}

static int byName(const struct dirent **left, const struct dirent **right) {
  return strcmp((*left)->d_name, (*right)->d_name);
}

static void folders(void) {
  char path[] = "folders/a/b/c";
  CHECK(makeFolders(path) == 0 && makeFolders(path) == 0);
  FAILS(mkdir("folders/a", 0777) == -1, EEXIST);
  FAILS(mkdir("nowhere/a", 0777) == -1, ENOENT);
  FAILS(rmdir("folders/a") == -1, ENOTEMPTY);
  FAILS(unlink("folders/a") == -1, EISDIR);
  CHECK(rmdir("folders/a/b/c") == 0);
  for (int index = 0; index < 300; index++) {
    char name[64];
    snprintf(name, sizeof name, "folders/a/file-%03d-whose-name-is-not-short", index);
    writes(name, "");
  }
  struct dirent **entries;
  int count = scandir("folders/a", &entries, NULL, byName);
  CHECK(count == 303 && strcmp(entries[2]->d_name, "b") == 0 && entries[2]->d_type == DT_DIR);
  CHECK(entries[302]->d_type == DT_REG && entries[302]->d_ino != entries[301]->d_ino);
  DIR *folder = opendir("folders/a");
  int removed = 0;
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
    if (entry->d_type == DT_REG && unlinkat(dirfd(folder), entry->d_name, 0) == 0) removed++;
  CHECK(removed == 300);
  rewinddir(folder);
  int left = 0;
  while (readdir(folder) != NULL) left++;
  CHECK(left == 3 && closedir(folder) == 0);
  CHECK(chdir("folders/a") == 0 && access("b", R_OK | W_OK) == 0 && chdir("/") == 0);
  FAILS(access("b", F_OK) == -1, ENOENT);
}

static void links(void) {
  struct stat status;
  char target[64];
  writes("target", "reached");
  CHECK(symlink("target", "link") == 0 && holds("link", "reached"));
  CHECK(lstat("link", &status) == 0 && S_ISLNK(status.st_mode) && status.st_size == 6);
  CHECK(stat("link", &status) == 0 && S_ISREG(status.st_mode));
  CHECK(readlink("link", target, sizeof target) == 6 && readlink("link", target, 3) == 3);
  FAILS(readlink("target", target, sizeof target) == -1, EINVAL);
  FAILS(open("link", O_RDONLY | O_NOFOLLOW) == -1, ELOOP);
  FAILS(symlink("other", "link") == -1, EEXIST);
  CHECK(symlink("loop", "loop") == 0);
  FAILS(open("loop", O_RDONLY) == -1, ELOOP);
  CHECK(symlink("/build/made", "through") == 0);
  writes("through", "made");
  CHECK(holds("/build/made", "made"));
  CHECK(link("target", "again") == 0 && stat("again", &status) == 0 && status.st_nlink == 2);
  ino_t inode = status.st_ino;
  writes("again", "changed");
  CHECK(holds("target", "changed") && stat("target", &status) == 0 && status.st_ino == inode);
  CHECK(unlink("target") == 0 && holds("again", "changed"));
  FAILS(open("link", O_RDONLY) == -1, ENOENT);
  FAILS(open("../etc/passwd", O_RDONLY) == -1, ENOTCAPABLE);
}

static void renames(void) {
  writes("old", "old");
  writes("new", "new");
  int file = open("new", O_RDONLY);
  char bytes[3];
  CHECK(rename("old", "new") == 0 && holds("new", "old"));
  CHECK(read(file, bytes, 3) == 3 && memcmp(bytes, "new", 3) == 0 && close(file) == 0);
  CHECK(mkdir("full", 0777) == 0 && mkdir("full/inner", 0777) == 0 && mkdir("empty", 0777) == 0);
  FAILS(rename("empty", "full") == -1, ENOTEMPTY);
  FAILS(rename("full", "full/inner/full") == -1, EINVAL);
  FAILS(rename("new", "full") == -1, EISDIR);
  FAILS(rename("full", "new") == -1, ENOTDIR);
  FAILS(rename("missing", "new") == -1, ENOENT);
  CHECK(rename("full", "empty") == 0 && access("empty/inner", F_OK) == 0);
}

static void times(void) {
  struct stat status;
  writes("timed", "");
  CHECK(stat("timed", &status) == 0 && status.st_mtim.tv_sec == 315532800);
  struct timespec wanted[2] = {{.tv_nsec = UTIME_OMIT}, {1000, 7}};
  CHECK(utimensat(AT_FDCWD, "timed", wanted, 0) == 0 && stat("timed", &status) == 0);
  CHECK(status.st_atim.tv_sec == 315532800 && status.st_mtim.tv_sec == 1000 && status.st_mtim.tv_nsec == 7);
  int file = open("timed", O_RDWR);
  wanted[1].tv_sec = 2000;
  CHECK(futimens(file, wanted) == 0 && fstat(file, &status) == 0 && status.st_mtim.tv_sec == 2000);
  close(file);
}

static void names(void) {
  static char long_name[66000];
  memset(long_name, 'n', sizeof long_name);
  long_name[255] = 0;
  writes(long_name, "fits");
  long_name[255] = 'n', long_name[256] = 0;
  FAILS(open(long_name, O_CREAT | O_WRONLY, 0644) == -1, ENAMETOOLONG);
  long_name[256] = 'n', long_name[65999] = 0;
  FAILS(open(long_name, O_RDONLY) == -1, ENAMETOOLONG);
  FAILS(symlink(long_name, "longest") == -1, ENAMETOOLONG);
  FAILS(open("\xff\xfe", O_CREAT | O_WRONLY, 0644) == -1, EILSEQ);
}

static void inputs(void) {
  char path[512];
  snprintf(path, sizeof path, "%s/note.txt", input);
  CHECK(holds(path, "from an input"));
  FAILS(fopen(path, "w") == NULL, EROFS);
  FAILS(unlink(path) == -1, EROFS);
  FAILS(mkdir("/cab/other", 0777) == -1, EROFS);
  FAILS(rmdir("/tmp") == -1, EROFS);
}

static void memory(void) {
  int pieces = 0;
  // Kept in sight of others, or a compiler need not allocate anything.
  static char *volatile piece;
  while ((piece = malloc(64 << 20)) != NULL) pieces++;
  CHECK(pieces == 15 && errno == ENOMEM);
}

static void output(void) {
  const char *out = getenv("out");
  char path[512];
  CHECK(mkdir(out, 0777) == 0);
  snprintf(path, sizeof path, "%s/sub/inner", out);
  CHECK(makeFolders(path) == 0);
  snprintf(path, sizeof path, "%s/note.txt", out);
  CHECK(rename("again", path) == 0);
  snprintf(path, sizeof path, "%s/link", out);
  CHECK(symlink("note.txt", path) == 0);
}

int main(int count, char **words) {
  input = words[2];
  surroundings(count, words);
  streams();
  descriptors();
  folders();
  links();
  renames();
  times();
  names();
  inputs();
  output();
  memory();
  return conclude();
}
