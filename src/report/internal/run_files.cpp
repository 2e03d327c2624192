#include "report/internal/run_files.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace rq::report {

namespace fs = std::filesystem;

std::optional<fs::path> file_within(const fs::path& folder, std::string_view path) {
  std::error_code error;
  const fs::path root = fs::canonical(folder, error);
  if (error || path.find('\0') != std::string_view::npos) {
    return std::nullopt;
  }
  const fs::path file = fs::canonical(root / fs::path(path).relative_path(), error);
  if (error || !fs::is_regular_file(file, error)) {
    return std::nullopt;
  }
  const auto [in_root, in_file] = std::ranges::mismatch(root, file);
  return in_root == root.end() ? std::optional(file) : std::nullopt;
}

std::string_view content_type(const fs::path& path) {
  constexpr std::array<std::string_view, 4> kBytes = {
      ".safetensors", ".bin", ".tokens", ".offsets"};
  const std::string ending = path.extension().string();
  if (ending == ".svg") {
    return "image/svg+xml";
  }
  return std::ranges::find(kBytes, ending) != kBytes.end() ? "application/octet-stream"
                                                           : "text/plain; charset=utf-8";
}

}  // namespace rq::report
