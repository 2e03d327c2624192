#pragma once
// How this process asks the system for memory.

namespace rq {

// From here on, blocks of a MiB and more go back to the system as they are freed. Left alone, glibc
// comes to keep blocks of up to 32 MiB for itself, in pieces that long sequences cannot use: a
// training step then took up to twice the memory it needs, in no proportion to its context. Where
// the C library has no such setting, nothing happens.
void return_large_blocks();

}  // namespace rq
