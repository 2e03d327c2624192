#pragma once
// Where the memory of tensors on the CPU comes from.

namespace rq {

// From here on, tensors of a MiB and more live in blocks that are used again (base/block_cache.h).
// To be called once, before the first tensor; the results of no operation change.
void cache_tensor_memory();

// Gives what earlier work left idle back to the system, of blocks and of the heap: the next piece
// of work then holds what is its own.
void release_idle_memory();

}  // namespace rq
