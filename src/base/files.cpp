#include "base/files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/check.h"

namespace rq {
namespace {

namespace fs = std::filesystem;

// Throws for the failed system call `doing` on `path`, by errno: what more input cannot mend is the
// machine's fault.
[[noreturn]] void fail_system(std::string_view doing, const fs::path& path, int error = errno) {
  const std::string what =
      fmt::format("cannot {} {}: {}", doing, path.string(), std::strerror(error));
  if (error == ENOSPC || error == EDQUOT || error == EFBIG || error == EIO || error == ENOMEM ||
      error == EMFILE) {
    throw MachineError(what);
  }
  throw Error(what);
}

void write_all(int descriptor, std::string_view bytes, const fs::path& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) {
        continue;
      }
      fail_system("write", path);
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

// Owns a descriptor within one function.
class Descriptor {
 public:
  Descriptor(const fs::path& path, int flags, std::string_view doing)
      : value_(::open(path.c_str(), flags | O_CLOEXEC, 0644)) {
    if (value_ < 0) {
      fail_system(doing, path);
    }
  }
  ~Descriptor() { ::close(value_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return value_; }

 private:
  int value_;
};

}  // namespace

std::string read_file(const fs::path& path) {
  const Descriptor file(path, O_RDONLY, "read");
  struct stat status{};
  if (::fstat(file.get(), &status) != 0) {
    fail_system("read", path);
  }
  check(!S_ISDIR(status.st_mode), "cannot read {}: it is a folder", path.string());
  std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t filled = 0;
  while (true) {
    if (filled == bytes.size()) {
      bytes.resize(bytes.size() + 65536);  // also finds the end of pipes and of files that grew
    }
    const ssize_t got = ::read(file.get(), bytes.data() + filled, bytes.size() - filled);
    if (got < 0 && errno != EINTR) {
      fail_system("read", path);
    }
    if (got == 0) {
      break;
    }
    filled += got > 0 ? static_cast<std::size_t>(got) : 0;
  }
  bytes.resize(filled);
  return bytes;
}

void make_folder(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) {
    fail_system("create the folder", path, error.value());
  }
}

void check_can_make(const fs::path& folder) {
  fs::path there = fs::absolute(folder).lexically_normal();
  while (!fs::exists(fs::symlink_status(there)) && there.has_relative_path()) {
    there = there.parent_path();
  }
  check(fs::is_directory(there),
        "cannot write the folder {}: {} is not a folder",
        folder.string(),
        there.string());
  const fs::path trial = there / fmt::format(".trial.{}", ::getpid());
  const int descriptor = ::open(trial.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (descriptor < 0) {
    fail_system("write the folder", there);
  }
  ::close(descriptor);
  ::unlink(trial.c_str());
}

void sync_folder(const fs::path& path) {
  const Descriptor folder(path.empty() ? "." : path, O_RDONLY | O_DIRECTORY, "open the folder");
  ::fsync(folder.get());
}

void write_file(const fs::path& path, std::string_view bytes) {
  FileWriter writer(path);
  writer.write(bytes);
  writer.commit();
}

void append_line(const fs::path& path, std::string_view line) {
  const Descriptor file(path, O_WRONLY | O_CREAT | O_APPEND, "append to");
  write_all(file.get(), std::string(line) + "\n", path);
}

FileWriter::FileWriter(fs::path path) : path_(std::move(path)) {
  if (path_.has_parent_path()) {
    make_folder(path_.parent_path());
  }
  hidden_ = path_.parent_path() / fmt::format(".{}.{}", path_.filename().string(), ::getpid());
  descriptor_ = ::open(hidden_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor_ < 0) {
    fail_system("write", path_);
  }
}

FileWriter::~FileWriter() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);
    ::unlink(hidden_.c_str());
  }
}

void FileWriter::write(std::string_view bytes) {
  write_all(descriptor_, bytes, path_);
}

void FileWriter::commit() {
  if (::fsync(descriptor_) != 0) {
    fail_system("write", path_);
  }
  if (::rename(hidden_.c_str(), path_.c_str()) != 0) {
    fail_system("rename onto", path_);
  }
  ::close(std::exchange(descriptor_, -1));
  sync_folder(path_.parent_path());
}

MappedFile::MappedFile(const fs::path& path) {
  const Descriptor file(path, O_RDONLY, "read");
  struct stat status{};
  if (::fstat(file.get(), &status) != 0) {
    fail_system("read", path);
  }
  check(S_ISREG(status.st_mode), "cannot map {}: it is not a plain file", path.string());
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size == 0) {
    return;  // nothing to map; the view stays empty
  }
  void* address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (address == MAP_FAILED) {
    fail_system("map", path);
  }
  bytes_ = {static_cast<const std::byte*>(address), size};
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) {
    ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
  }
}

MappedFile::MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  return *this;
}

FolderLock::FolderLock(const fs::path& folder) {
  make_folder(folder);
  const fs::path path = folder / ".lock";
  descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor_ < 0) {
    fail_system("lock", path);
  }
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    ::close(std::exchange(descriptor_, -1));
    fail("{} is in use by another rorqual process; wait for it or choose another --run-dir",
         folder.string());
  }
}

bool FolderLock::is_held(const fs::path& folder) {
  const int descriptor = ::open((folder / ".lock").c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return false;
  }
  const bool is_free = ::flock(descriptor, LOCK_SH | LOCK_NB) == 0;
  ::close(descriptor);  // and the shared lock with it
  return !is_free;
}

FolderLock::~FolderLock() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);  // the lock goes with the descriptor
  }
}

}  // namespace rq
