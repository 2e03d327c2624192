#include "data/internal/joiner.h"

#include <cstdint>
#include <string_view>

#include "base/hash.h"

namespace rq::data {

void Joiner::document(std::string_view text, std::int64_t line) {
  const auto sound = curator_.sound(text, line);
  if (!sound || !curator_.passes(*sound, xxh3(*sound))) {
    return;
  }
  constexpr std::size_t kBetweenBytes = 2;  // a newline where the last text lacks it, an empty line
  const std::size_t grown = joined_.size() + kBetweenBytes + heading_.size() + sound->size();
  if (!joined_.empty() && grown > static_cast<std::size_t>(config_.bytes)) {
    finish();
  }
  if (!joined_.empty()) {
    joined_ += joined_.back() == '\n' ? "\n" : "\n\n";
  }
  joined_.append(heading_).append(*sound);
}

void Joiner::finish() {
  if (!joined_.empty()) {
    curator_.keep(joined_, xxh3(joined_));
    joined_.clear();
  }
}

}  // namespace rq::data
