#pragma once
// What the kernel tells of a process and those below it, from /proc. Whoever has ended meanwhile
// counts as nothing.

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace rq::reward {

// Whether this kernel tells the children of a process at all (CONFIG_PROC_CHILDREN).
bool can_list_children();

// The parent of `process`; 0 where there is no such process.
pid_t parent_of(pid_t process);

// The memory that `root` and all processes below it hold at this moment. Pages that several share
// count for each.
std::int64_t resident_bytes(pid_t root);

// A tmpfs of `size_bytes` at `path`, as `process` sees it: the memory that its files hold, and what
// the kernel needs for each, were it empty. 0 where there is no such tmpfs, or not yet.
std::int64_t tmpfs_bytes(pid_t process, const std::string& path, std::int64_t size_bytes);

}  // namespace rq::reward
