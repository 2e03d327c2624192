#pragma once
// The files of a source as a tree in which each knows which others it includes or imports, and the
// order in which one can read them.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "data/internal/language.h"

namespace rq::data {

// Constant after construction. Files are known by their index in `paths`.
class SourceTree {
 public:
  // Paths with "/", relative to one folder.
  explicit SourceTree(std::vector<std::string> paths);

  // The file of the tree that an import of `file` means; nothing where it lies outside, or is the
  // file itself. Where several fit, the one that shares most folders with `file`, and of these the
  // first.
  std::optional<std::size_t> resolve(std::size_t file, const Import& import) const;

 private:
  using Index = std::unordered_map<std::string, std::vector<std::size_t>>;

  std::optional<std::size_t> find(const std::string& path) const;
  std::optional<std::size_t> first_of(const std::string& stem,
                                      std::span<const std::string_view> endings) const;
  std::optional<std::size_t> nearest(std::size_t file, const std::vector<std::size_t>& fit) const;
  std::optional<std::size_t> resolve_c(std::size_t file, const std::string& name) const;
  std::optional<std::size_t> resolve_javascript(std::size_t file, const std::string& name) const;
  std::optional<std::size_t> resolve_python(std::size_t file, const Import& import) const;
  std::optional<std::size_t> resolve_relative(std::size_t file, const Import& import) const;
  std::optional<std::size_t> find_module(std::size_t file, const std::string& dotted) const;
  bool is_package(std::string_view folder) const;
  std::string module_name(std::string_view path) const;

  std::vector<std::string> paths_;
  std::unordered_map<std::string, std::size_t> by_path_;
  Index by_name_;    // "tree.h"
  Index by_module_;  // "json.decoder", seen from the folder that is no package
};

// All indices of `needs`, each after those that it needs (`needs[i]`, in this order), as a walk in
// depth first gives them, begun at 0, 1, 2, ... In a cycle the need that closes it is passed over.
std::vector<std::size_t> needed_first(const std::vector<std::vector<std::size_t>>& needs);

}  // namespace rq::data
