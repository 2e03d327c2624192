#include "base/json.h"

#include <filesystem>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/files.h"

namespace rq {

Json parse_json(std::string_view text, std::string_view origin) {
  try {
    return Json::parse(text);
  } catch (const nlohmann::json::parse_error& error) {
    fail("{}: not JSON at byte {} ({} bytes in all)", origin, error.byte, text.size());
  }
}

Json read_json(const std::filesystem::path& path) {
  return parse_json(read_file(path), path.string());
}

void write_json(const std::filesystem::path& path, const Json& value) {
  write_file(path, value.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace rq
