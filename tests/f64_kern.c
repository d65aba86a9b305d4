#include "test_kern.c"
