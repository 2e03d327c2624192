#pragma once
// Files of a run that may still be written, or were cut off: .jsonl line by line, JSON that may not
// be there, the last lines of a log.

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"

namespace rq::report {

// Calls `see` with each line that is a JSON object, and returns how many others there are; a line
// that is being written counts as none. A file that is not there has no lines.
std::size_t each_line(const std::filesystem::path& path,
                      const std::function<void(const Json& line)>& see);

// The last line that is a JSON object; looks at the end of the file alone.
std::optional<Json> last_line(const std::filesystem::path& path);

// A whole JSON file; nothing where it is not there. An Error where it is no JSON.
std::optional<Json> read_if_there(const std::filesystem::path& path);

// The last `most` lines of a text.
std::vector<std::string> tail(const std::filesystem::path& path, std::size_t most);

// object[key] where it is a number; nothing else.
std::optional<double> number_at(const Json& object, const std::string& key);
// object[key] where it is a text; empty else.
std::string text_at(const Json& object, const std::string& key);

// Files of a folder by name, in order; none where there is no such folder.
std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder);

}  // namespace rq::report
