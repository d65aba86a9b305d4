#include "kern/vec_neon.h"
#include "kern/kern_body.inc"
