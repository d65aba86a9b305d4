#include "test_kern_gates.c"
