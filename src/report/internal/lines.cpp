#include "report/internal/lines.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <functional>
#include <ios>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "base/json.h"

namespace rq::report {
namespace {

namespace fs = std::filesystem;

constexpr std::streamoff kTailBytes = 1 << 20;  // of a file's end that is looked at

// The end of a file, from a line's beginning on.
std::vector<std::string> last_lines(const fs::path& path, std::streamoff bytes) {
  std::vector<std::string> lines;
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) {
    return lines;
  }
  const std::streamoff size = file.tellg();
  file.seekg(std::max<std::streamoff>(0, size - bytes));
  std::string line;
  if (size > bytes) {
    std::getline(file, line);  // of which the beginning is not there
  }
  while (std::getline(file, line)) {
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace

std::size_t each_line(const fs::path& path, const std::function<void(const Json& line)>& see) {
  std::size_t unreadable = 0;
  std::ifstream file(path, std::ios::binary);
  for (std::string line; std::getline(file, line);) {
    const Json json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (json.is_object()) {
      see(json);
    } else if (!line.empty() && !file.eof()) {  // at the end it may be just being written
      ++unreadable;
    }
  }
  return unreadable;
}

std::optional<Json> last_line(const fs::path& path) {
  const std::vector<std::string> lines = last_lines(path, kTailBytes);
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    Json json = Json::parse(*line, nullptr, /*allow_exceptions=*/false);
    if (json.is_object()) {
      return json;
    }
  }
  return std::nullopt;
}

std::optional<Json> read_if_there(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored) ? std::optional(read_json(path)) : std::nullopt;
}

std::vector<std::string> tail(const fs::path& path, std::size_t most) {
  std::vector<std::string> lines = last_lines(path, kTailBytes);
  if (lines.size() > most) {
    lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(most));
  }
  return lines;
}

std::optional<double> number_at(const Json& object, const std::string& key) {
  const auto member = object.find(key);
  return member != object.end() && member->is_number() ? std::optional(member->get<double>())
                                                       : std::nullopt;
}

std::string text_at(const Json& object, const std::string& key) {
  const auto member = object.find(key);
  return member != object.end() && member->is_string() ? member->get<std::string>() : "";
}

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.is_regular_file(error)) {
      found.push_back(entry.path());
    }
  }
  std::ranges::sort(found);
  return found;
}

}  // namespace rq::report
