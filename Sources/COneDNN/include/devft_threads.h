#pragma once
#include <stddef.h>

/// Calls `body(context, index)` for every index below `count`, each exactly once, on the calling
/// thread's share of the pool; returns when all are done. Inside another such loop it runs serially.
void devft_parallel_for(size_t count, void (*body)(void *context, size_t index), void *context);

/// Number of threads that loops started by the calling thread use: the cores that the process may
/// use, unless set.
int devft_thread_count(void);

/// Sets that number, for the calling thread alone; at least 1.
void devft_set_thread_count(int count);
