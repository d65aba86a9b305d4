#include "test_kern_math.c"
