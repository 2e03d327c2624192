#include "reward/internal/spawn.h"

#include <signal.h>
#include <spawn.h>

#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "base/check.h"

namespace rq::reward {
namespace {

class Actions {
 public:
  explicit Actions(std::span<const int> descriptors) {
    posix_spawn_file_actions_init(&actions_);
    for (int i = 0; i < static_cast<int>(descriptors.size()); ++i) {
      posix_spawn_file_actions_adddup2(&actions_, descriptors[i], i);
    }
    posix_spawn_file_actions_addclosefrom_np(&actions_, static_cast<int>(descriptors.size()));
    posix_spawn_file_actions_addchdir_np(&actions_, "/");
  }
  ~Actions() { posix_spawn_file_actions_destroy(&actions_); }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

class Attributes {
 public:
  Attributes() {
    posix_spawnattr_init(&attributes_);
    sigset_t signals;
    sigfillset(&signals);
    posix_spawnattr_setsigdefault(&attributes_, &signals);
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes_, &signals);
    posix_spawnattr_setflags(&attributes_,
                             POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID);
  }
  ~Attributes() { posix_spawnattr_destroy(&attributes_); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

}  // namespace

pid_t spawn(const std::vector<std::string>& command, std::span<const int> descriptors) {
  std::vector<char*> words;
  for (const std::string& word : command) {
    words.push_back(const_cast<char*>(word.c_str()));  // posix_spawn does not write to them
  }
  words.push_back(nullptr);
  const Actions actions(descriptors);
  const Attributes attributes;
  char* no_environment = nullptr;
  pid_t process = 0;
  const int error = ::posix_spawn(
      &process, words[0], actions.get(), attributes.get(), words.data(), &no_environment);
  check(error == 0, "cannot start {}: {}", command[0], std::strerror(error));
  return process;
}

}  // namespace rq::reward
