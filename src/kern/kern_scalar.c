#include "kern/vec_scalar.h"
#include "kern/kern_body.inc"
