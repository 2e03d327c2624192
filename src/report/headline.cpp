#include "report/headline.h"

#include <filesystem>
#include <string>

#include "base/check.h"
#include "base/format.h"
#include "base/json.h"
#include "base/progress.h"
#include "report/internal/lines.h"

namespace rq::report {

std::string training_headline(const std::filesystem::path& metrics) {
  const auto line = last_line(metrics);
  if (!line) {
    return {};
  }
  if (const auto reward = number_at(*line, "reward")) {
    return fmt::format("reward {:.2f}", *reward);
  }
  if (const auto needle = number_at(*line, "needle")) {
    return fmt::format("needles {:.0f} %", 100 * *needle);
  }
  const auto loss = number_at(*line, "loss");
  return loss ? fmt::format("loss {:.2f}", *loss) : "";
}

std::string data_headline(const std::filesystem::path& folder) {
  try {
    const auto manifest = read_if_there(folder / "manifest.json");
    if (!manifest || !manifest->is_object() || !manifest->contains("training")) {
      return {};
    }
    const auto bytes = number_at(manifest->at("training"), "bytes");
    return bytes ? format_bytes(*bytes) : "";
  } catch (const Error&) {  // half-written
    return {};
  }
}

}  // namespace rq::report
