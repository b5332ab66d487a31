// What the programs here have in common: each check that does not hold is a line of the log, and the last line counts them.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static int checks, failures;

#define CHECK(condition)                                                  \
  do {                                                                    \
    checks++;                                                             \
    if (!(condition)) {                                                   \
      failures++;                                                         \
      fprintf(stderr, "line %d: %s (errno %d)\n", __LINE__, #condition, errno); \
    }                                                                     \
  } while (0)

// That a call answers -1, or NULL, for this reason.
#define FAILS(call, reason) \
  do {                      \
    errno = 0;              \
    int failed = !!(call);  \
    CHECK(failed && errno == reason); \
  } while (0)

static int conclude(void) {
  fprintf(stderr, "%s: %d\n", failures == 0 ? "all hold" : "do not hold", failures == 0 ? checks : failures);
  return failures == 0 ? 0 : 1;
}
