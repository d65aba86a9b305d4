#include "test_kern_gemm.c"
