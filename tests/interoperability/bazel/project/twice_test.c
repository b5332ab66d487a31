#include "twice.h"

int main(void) { return twice(-4) == -8 ? 0 : 1; }
