#include "review/verdict.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace rq::review {
namespace {

constexpr std::array<std::string_view, 4> kNames = {"accept", "edit", "reject", "flag"};

}  // namespace

std::string_view name_of(Kind kind) {
  return kNames.at(static_cast<std::size_t>(kind));
}

std::optional<Kind> kind_of(std::string_view name) {
  const auto found = std::ranges::find(kNames, name);
  if (found == kNames.end()) {
    return std::nullopt;
  }
  return static_cast<Kind>(found - kNames.begin());
}

State decide(std::int64_t wanted, std::span<const Kind> kinds) {
  const std::int64_t flags = std::ranges::count(kinds, Kind::kFlag);
  const std::int64_t rejections = std::ranges::count(kinds, Kind::kReject);
  const std::int64_t acceptances = std::ssize(kinds) - flags - rejections;
  if (acceptances + rejections < wanted) {
    return flags > 0 ? State::kFlagged : kinds.empty() ? State::kNew : State::kWaiting;
  }
  if (acceptances == rejections) {
    return State::kTied;
  }
  return acceptances > rejections ? State::kAccepted : State::kRejected;
}

}  // namespace rq::review
