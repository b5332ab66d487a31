// Makes an outline of a tree of text files: a file `outline.txt` with the size and first line of each, and a copy of each.
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static FILE *outline;

static void fail(const char *doing, const char *path) {
  fprintf(stderr, "cannot %s '%s': %s\n", doing, path, strerror(errno));
  exit(1);
}

static char *join(const char *folder, const char *name) {
  char *path = malloc(strlen(folder) + strlen(name) + 2);
  sprintf(path, "%s/%s", folder, name);
  return path;
}

static void copyFile(const char *from, const char *to, const char *shown) {
  FILE *source = fopen(from, "r");
  if (source == NULL) fail("read", from);
  FILE *target = fopen(to, "w");
  if (target == NULL) fail("write", to);
  char first[80] = "", buffer[65536];
  size_t length, total = 0;
  while ((length = fread(buffer, 1, sizeof buffer, source)) > 0) {
    if (total == 0) snprintf(first, sizeof first, "%.*s", (int)length, buffer);
    if (fwrite(buffer, 1, length, target) != length) fail("write", to);
    total += length;
  }
  first[strcspn(first, "\n")] = 0;
  fprintf(outline, "%s (%zu bytes): %s\n", shown, total, first);
  fclose(source);
  if (fclose(target) != 0) fail("write", to);
}

static int byName(const struct dirent **left, const struct dirent **right) {
  return strcmp((*left)->d_name, (*right)->d_name);
}

static void copyFolder(const char *from, const char *to, const char *shown) {
  if (mkdir(to, 0777) != 0 && errno != EEXIST) fail("make", to);
  struct dirent **entries;
  int count = scandir(from, &entries, NULL, byName);
  if (count < 0) fail("list", from);
  for (int index = 0; index < count; index++) {
    const char *name = entries[index]->d_name;
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) continue;
    char *source = join(from, name), *target = join(to, name), *next = *shown ? join(shown, name) : strdup(name);
    if (entries[index]->d_type == DT_DIR) copyFolder(source, target, next);
    else copyFile(source, target, next);
  }
}

int main(int count, char **words) {
  const char *out = getenv("out");
  if (count != 2 || out == NULL) {
    fprintf(stderr, "it wants one argument, the tree, and a variable 'out'\n");
    return 2;
  }
  if (mkdir(out, 0777) != 0) fail("make", out);
  outline = fopen(join(out, "outline.txt"), "w");
  if (outline == NULL) fail("write", out);
  copyFolder(words[1], join(out, "files"), "");
  if (fclose(outline) != 0) fail("write", out);
  printf("made an outline of %s\n", words[1]);
  return 0;
}
