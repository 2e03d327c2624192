#include "bench/peer.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/format.h"

namespace rq::bench {

namespace fs = std::filesystem;

fs::path find_root() {
  for (fs::path folder = fs::canonical("/proc/self/exe"); folder != folder.parent_path();
       folder = folder.parent_path()) {
    if (fs::exists(folder / "bench" / "peer.h")) {
      return folder;
    }
  }
  fail("bench/peer.h is not in any folder around this program");
}

Json ask_program(const std::string& command) {
  std::FILE* const pipe = ::popen(command.c_str(), "r");
  check(pipe != nullptr, "cannot start {}", command);
  std::string output;
  std::array<char, 4096> part{};
  for (std::size_t got = 0; (got = std::fread(part.data(), 1, part.size(), pipe)) > 0;) {
    output.append(part.data(), got);
  }
  check(::pclose(pipe) == 0, "{} failed", command);
  return parse_json(output, command);
}

Json ask_peer(std::string_view script, std::string_view arguments) {
  const fs::path root = find_root();
  return ask_program(fmt::format("env -u GOMP_SPINCOUNT '{}' '{}' {}",
                                 (root / ".venv-peers/bin/python").string(),
                                 (root / "bench" / script).string(),
                                 arguments));
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

}  // namespace rq::bench
