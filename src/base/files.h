#pragma once
// Files: read whole, written atomically, mapped into memory, locked. Every failure names the path
// and the system's reason; a full disk is a MachineError and leaves what was there before.

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace rq {

// The whole file as bytes.
std::string read_file(const std::filesystem::path& path);

// Writes to a hidden sibling, syncs it, and renames it onto `path`: a reader sees the old bytes or
// the new, never a part. Creates missing parent folders.
void write_file(const std::filesystem::path& path, std::string_view bytes);

// Appends one record and its newline in a single write, so that a killed process leaves whole lines
// but for the last.
void append_line(const std::filesystem::path& path, std::string_view line);

// Creates `path` and its parents; an Error names the folder that could not be made.
void make_folder(const std::filesystem::path& path);

// Throws where `folder` could not be made or filled: makes a hidden file in it, or in the nearest
// parent that exists, and removes it. (Asking for permissions is not enough: root has them all,
// even where the file system is read-only.)
void check_can_make(const std::filesystem::path& folder);

// Flushes a folder's entries to disk, so that a rename in it survives a crash.
void sync_folder(const std::filesystem::path& path);

// A file written piece by piece that appears under its name only by commit(); destroyed without it,
// it leaves nothing.
class FileWriter {
 public:
  explicit FileWriter(std::filesystem::path path);
  ~FileWriter();
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;
  void write(std::string_view bytes);
  void commit();

 private:
  std::filesystem::path path_, hidden_;
  int descriptor_ = -1;
};

// A read-only view of a file's bytes. Movable; the view dies with it.
class MappedFile {
 public:
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  std::span<const std::byte> bytes() const { return bytes_; }
  std::string_view text() const {
    return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
  }

 private:
  std::span<const std::byte> bytes_;
};

// An exclusive lock on a folder, held until destruction or the process's death. Throws where
// another process holds it.
class FolderLock {
 public:
  explicit FolderLock(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

  // Whether a process holds the folder's lock now; false where there is no such folder. Takes
  // nothing.
  static bool is_held(const std::filesystem::path& folder);

 private:
  int descriptor_ = -1;
};

}  // namespace rq
