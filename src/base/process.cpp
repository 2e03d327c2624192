#include "base/process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/files.h"
#include "base/format.h"

namespace rq {
namespace {

namespace fs = std::filesystem;

// What a program said last, on one line.
std::string last_words(const fs::path& log) {
  constexpr std::size_t kMostBytes = 400;
  std::string text = read_file(log);
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) {
    text.pop_back();
  }
  if (text.size() > kMostBytes) {
    text = "…" + text.substr(text.size() - kMostBytes);
  }
  std::ranges::replace(text, '\n', ' ');
  return text;
}

class SpawnActions {
 public:
  SpawnActions(const fs::path& folder, const fs::path& log) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_addopen(&actions_, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions_, 1, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    posix_spawn_file_actions_adddup2(&actions_, 1, 2);
    posix_spawn_file_actions_addchdir_np(&actions_, folder.c_str());
  }
  ~SpawnActions() { posix_spawn_file_actions_destroy(&actions_); }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

// Signals that we ignore (base/signals.h) are on again in the program.
class SpawnSignals {
 public:
  SpawnSignals() {
    posix_spawnattr_init(&attributes_);
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGPIPE);
    sigaddset(&signals, SIGXFSZ);
    posix_spawnattr_setsigdefault(&attributes_, &signals);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnSignals() { posix_spawnattr_destroy(&attributes_); }
  SpawnSignals(const SpawnSignals&) = delete;
  SpawnSignals& operator=(const SpawnSignals&) = delete;
  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

}  // namespace

void run_command(const std::vector<std::string>& command,
                 const fs::path& folder,
                 const fs::path& log) {
  std::vector<char*> arguments;
  for (const auto& word : command) {
    arguments.push_back(const_cast<char*>(word.c_str()));  // posix_spawn does not write to them
  }
  arguments.push_back(nullptr);
  const SpawnActions actions(fs::absolute(folder), fs::absolute(log));
  const SpawnSignals signals;
  pid_t child = 0;
  const int error =
      ::posix_spawnp(&child, arguments[0], actions.get(), signals.get(), arguments.data(), environ);
  check(error != ENOENT, "cannot run \"{}\": it is not installed", command[0]);
  check(error == 0, "cannot run \"{}\": {}", command[0], std::strerror(error));
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  check(WIFEXITED(status) && WEXITSTATUS(status) == 0,
        "\"{}\" failed: {}",
        fmt::join(command, " "),
        last_words(log));
}

}  // namespace rq
