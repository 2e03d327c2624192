#pragma once
// The one door to nlohmann-json. `Json` keeps the order of its keys, so what we write reads in the
// order we wrote it.

#include <filesystem>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace rq {

using Json = nlohmann::ordered_json;

// Parses UTF-8 text; `origin` names it in the error (a path, "line 12 of x.jsonl").
Json parse_json(std::string_view text, std::string_view origin);
Json read_json(const std::filesystem::path& path);
// Atomic: a reader sees the old file or the new one, whole.
void write_json(const std::filesystem::path& path, const Json& value);

// The member `key` of `object` as T, or `fallback` where it is absent or null; an Error naming
// `origin` where its type is wrong.
template <typename T>
T json_value(const Json& object, const std::string& key, T fallback, std::string_view origin);

}  // namespace rq

#include "base/internal/json_value.h"  // IWYU pragma: keep
