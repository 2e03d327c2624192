#pragma once
// Which files a server of a run folder may hand out.

#include <filesystem>
#include <optional>
#include <string_view>

namespace rq::report {

// The regular file that `path` ("work/pretrain/log") names within `folder`; nothing where there is
// none, or where it leads out of the folder, by dots or by links.
std::optional<std::filesystem::path> file_within(const std::filesystem::path& folder,
                                                 std::string_view path);

// By its ending; texts of all kinds are plain text, so that a browser shows them and runs nothing.
std::string_view content_type(const std::filesystem::path& path);

}  // namespace rq::report
