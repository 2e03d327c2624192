#include "reward/internal/walls.h"

#include <unistd.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/format.h"

namespace rq::reward {
namespace {

using Words = std::vector<std::string>;

void append(Words& words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
}

// Root becomes nobody first: its processes would be exempt from the limit on their number, and be
// root's to the rest of the machine.
Words become_nobody() {
  if (::geteuid() != 0) {
    return {};
  }
  return {"/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};
}

// bubblewrap, up to the command that it is to run.
Words make_walls(const Limits& limits) {
  Words words = {"/usr/bin/bwrap", "--unshare-all", "--unshare-user", "--uid", "65534"};
  append(
      words,
      {"--gid", "65534", "--cap-drop", "ALL", "--new-session", "--die-with-parent", "--as-pid-1"});
  append(words, {"--json-status-fd", fmt::to_string(kStatusDescriptor)});
  append(words, {"--seccomp", fmt::to_string(kFilterDescriptor)});
  for (const auto& folder :
       {"/usr/bin", "/usr/lib", "/usr/lib64", "/usr/libexec", "/usr/include"}) {
    append(words, {"--ro-bind-try", folder, folder});
  }
  for (const auto& folder : {"bin", "lib", "lib64"}) {
    append(words, {"--symlink", fmt::format("usr/{}", folder), fmt::format("/{}", folder)});
  }
  for (const auto& device : {"/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"}) {
    append(words, {"--dev-bind", device, device});
  }
  append(words, {"--perms", "0555", "--file", fmt::to_string(kProgramDescriptor), "/program"});
  append(words, {"--size", fmt::to_string(limits.folder_bytes), "--tmpfs", "/tmp"});
  append(words, {"--symlink", "/tmp", "/dev/shm"});         // where semaphores are made
  append(words, {"--remount-ro", "/", "--chdir", "/tmp"});  // "/" has no limit on its size
  // The order of Python's sets must not change from run to run, nor must its modules come from
  // /tmp.
  for (const auto& [name, value] : {std::pair{"PATH", "/usr/bin"},
                                    {"HOME", "/tmp"},
                                    {"LANG", "C.UTF-8"},
                                    {"PYTHONHASHSEED", "0"},
                                    {"PYTHONSAFEPATH", "1"},
                                    {"PYTHONDONTWRITEBYTECODE", "1"}}) {
    append(words, {"--setenv", name, value});
  }
  return words;
}

// The first process of the sandbox: a shell that sets what the kernel itself holds each process to,
// runs the command as its child, and ends as that did; its own words about it are not heard.
std::string first_process(const Limits& limits) {
  const auto cpu_s = static_cast<std::int64_t>(std::ceil(limits.cpu_s));
  // Reserving addresses costs nothing, and threads do so freely: what is used is watched from
  // outside.
  const std::int64_t address_bytes = 2 * limits.memory_bytes + (4LL << 30);
  constexpr std::int64_t kStackBytes = 64LL << 20;  // deep recursion is no fault
  return fmt::format(
      "ulimit -c 0 && ulimit -l 0 && ulimit -S -t {} && ulimit -H -t {} && ulimit -v {} && "
      "ulimit -s {} && ulimit -f {} && ulimit -p {} && ulimit -n {} && "
      "exec 9>&2 2>/dev/null && (exec \"$@\" 2>&9 9>&-); exit $?",
      cpu_s,
      cpu_s + 1,  // for who ignores the signal of the limit
      address_bytes / 1024,
      kStackBytes / 1024,
      limits.folder_bytes / 512,
      limits.processes + 1,  // the shell is one
      limits.open_files);
}

}  // namespace

Words behind_walls(const Words& command, const Limits& limits) {
  Words words = become_nobody();
  append(words, make_walls(limits));
  append(words, {"/usr/bin/dash", "-c", first_process(limits), "dash"});
  append(words, command);
  return words;
}

}  // namespace rq::reward
