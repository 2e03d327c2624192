#include "reward/internal/descriptor.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "base/check.h"

namespace rq::reward {
namespace {

[[noreturn]] void fail_system(std::string_view doing) {
  throw MachineError(fmt::format("cannot {}: {}", doing, std::strerror(errno)));
}

// The same open file under a number that is free for us.
Descriptor move_up(const Descriptor& low) {
  Descriptor high(::fcntl(low.get(), F_DUPFD_CLOEXEC, kFirstFree));
  if (!high.is_open()) {
    fail_system("open another descriptor");
  }
  return high;
}

}  // namespace

Descriptor::~Descriptor() {
  if (is_open()) {
    ::close(value_);
  }
}

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    fail_system("open a pipe");
  }
  const Descriptor read(ends[0]);
  const Descriptor write(ends[1]);
  Pipe pipe{.read = move_up(read), .write = move_up(write)};
  ::fcntl(pipe.read.get(), F_SETFL, O_NONBLOCK);
  return pipe;
}

Descriptor memory_file() {
  const Descriptor low(::memfd_create("memory", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!low.is_open()) {
    fail_system("make a file in memory");
  }
  return move_up(low);
}

Descriptor sealed_file(std::string_view bytes) {
  Descriptor file = memory_file();
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.get(), bytes.data(), bytes.size());
    if (written > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      fail_system("write to a file in memory");
    }
  }
  ::fcntl(file.get(), F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL);
  ::lseek(file.get(), 0, SEEK_SET);
  return file;
}

}  // namespace rq::reward
