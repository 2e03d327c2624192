#pragma once
// The system calls that a program in the sandbox may make, as a filter for the kernel (seccomp).
// It is a list of what is allowed: a call that no program under test needs, or that a later kernel
// brings, is answered as if the kernel did not know it (ENOSYS), so that the C library takes
// another way where there is one.

#include <string>

namespace rq::reward {

// The filter as the bytes that bubblewrap's --seccomp reads.
std::string system_call_filter();

}  // namespace rq::reward
