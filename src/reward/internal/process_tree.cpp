#include "reward/internal/process_tree.h"

#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <vector>

#include "base/format.h"

namespace rq::reward {
namespace {

namespace fs = std::filesystem;

std::int64_t resident_bytes_of(pid_t process) {
  std::ifstream file(fmt::format("/proc/{}/statm", process));
  std::int64_t address_space = 0;
  std::int64_t resident = 0;  // both in pages
  return file >> address_space >> resident ? resident * ::sysconf(_SC_PAGESIZE) : 0;
}

// Every thread has its own children.
void append_children(pid_t process, std::vector<pid_t>& to) {
  std::error_code gone;
  fs::directory_iterator threads(fmt::format("/proc/{}/task", process), gone);
  for (; !gone && threads != fs::directory_iterator(); threads.increment(gone)) {
    std::ifstream file(threads->path() / "children");
    for (pid_t child = 0; file >> child;) {
      to.push_back(child);
    }
  }
}

}  // namespace

bool can_list_children() {
  return fs::exists(fmt::format("/proc/self/task/{}/children", ::gettid()));
}

pid_t parent_of(pid_t process) {
  std::ifstream file(fmt::format("/proc/{}/status", process));
  for (std::string word; file >> word;) {
    if (word == "PPid:") {
      pid_t parent = 0;
      file >> parent;
      return parent;
    }
  }
  return 0;
}

std::int64_t resident_bytes(pid_t root) {
  std::int64_t sum = 0;
  std::vector<pid_t> unseen = {root};
  while (!unseen.empty()) {
    const pid_t process = unseen.back();
    unseen.pop_back();
    sum += resident_bytes_of(process);
    append_children(process, unseen);
  }
  return sum;
}

std::int64_t tmpfs_bytes(pid_t process, const std::string& path, std::int64_t size_bytes) {
  constexpr std::int64_t kKernelBytes = 1024;  // for a file and its name
  struct statfs system{};
  const bool is_there =
      ::statfs(fmt::format("/proc/{}/root{}", process, path).c_str(), &system) == 0;
  const auto block_bytes = static_cast<std::int64_t>(system.f_bsize);
  const auto blocks = static_cast<std::int64_t>(system.f_blocks);
  if (!is_there || system.f_type != TMPFS_MAGIC ||
      blocks != (size_bytes + block_bytes - 1) / block_bytes) {
    return 0;
  }
  const auto free_blocks = static_cast<std::int64_t>(system.f_bfree);
  const auto files = static_cast<std::int64_t>(system.f_files - system.f_ffree);
  return (blocks - free_blocks) * block_bytes + files * kKernelBytes;
}

}  // namespace rq::reward
