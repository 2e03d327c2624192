#include "pipeline/environment.h"

#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <ctime>
#include <fstream>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "base/files.h"
#include "base/format.h"
#include "base/hash.h"
#include "base/json.h"

namespace rq::pipeline {
namespace {

// "Linux 6.1.0 x86_64".
std::string system_name() {
  utsname names{};
  return ::uname(&names) == 0 ? fmt::format("{} {} {}", names.sysname, names.release, names.machine)
                              : "unknown";
}

std::string processor_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) {
      return line.substr(colon + 2);
    }
  }
  return "unknown";
}

}  // namespace

std::string utc_time() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

Json describe_environment(const std::vector<std::string>& command,
                          const std::map<std::string, std::string>& versions) {
  Json json = {{"command", command},
               {"started", utc_time()},
               {"program", "xxh3 " + hex64(xxh3(MappedFile("/proc/self/exe").bytes()))},
               {"compiler", fmt::format("g++ {}", __VERSION__)}};
  for (const auto& [library, version] : versions) {
    json[library] = version;
  }
  json["system"] = system_name();
  json["processor"] = processor_name();
  json["cores"] = std::thread::hardware_concurrency();
  json["memory_bytes"] = static_cast<std::int64_t>(::sysconf(_SC_PHYS_PAGES)) *
                         static_cast<std::int64_t>(::sysconf(_SC_PAGESIZE));
  return json;
}

}  // namespace rq::pipeline
