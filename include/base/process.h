/* What the system says of this process. */
#ifndef HEED_BASE_PROCESS_H
#define HEED_BASE_PROCESS_H

#include <stdint.h>

/* Bytes of memory that it holds at the moment; 0 where the system does not tell. Allocates nothing. */
int64_t process_resident(void);

#endif
