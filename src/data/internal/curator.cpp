#include "data/internal/curator.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "base/json.h"
#include "base/rng.h"
#include "base/signals.h"
#include "data/internal/utf8.h"

namespace rq::data {
namespace {

constexpr std::size_t kBufferBytes = 1 << 20;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

// The beginning of a bad record, fit for a JSON string: other than printable ASCII becomes "?".
std::string printable(std::string_view excerpt) {
  constexpr std::size_t kMostBytes = 120;
  std::string text(excerpt.substr(0, kMostBytes));
  std::ranges::replace_if(text, [](char c) { return c < ' ' || c > '~'; }, '?');
  return text;
}

}  // namespace

bool LowestHashes::offer(std::uint64_t hash, std::uint64_t bytes) {
  if (limit_bytes_ == 0) {
    return true;
  }
  if (hash >= bound_) {
    return false;
  }
  chosen_.push({hash, bytes});
  total_bytes_ += static_cast<std::int64_t>(bytes);
  while (total_bytes_ > limit_bytes_) {  // the first that overflows bounds all that follow
    bound_ = chosen_.top().hash;
    total_bytes_ -= static_cast<std::int64_t>(chosen_.top().bytes);
    chosen_.pop();
  }
  return hash < bound_;
}

Curator::Curator(const SourceConfig& config, const std::filesystem::path& folder, CutOut cut_out)
    : config_(config),
      cut_out_(std::move(cut_out)),
      spool_path_(folder / "spool"),
      spool_(spool_path_),
      quarantine_(folder / "quarantine.jsonl"),
      limit_(config.limit_bytes) {}

void Curator::document(std::string_view text, std::int64_t line) {
  const auto whole = sound(text, line);
  if (!whole) {
    return;
  }
  const auto take = [&](std::string_view piece) {
    if (const std::uint64_t hash = xxh3(piece); passes(piece, hash)) {
      keep(piece, hash);
    }
  };
  if (config_.split_bytes == 0) {
    return take(*whole);
  }
  for (const auto piece : split_text(*whole, static_cast<std::size_t>(config_.split_bytes))) {
    take(piece);
  }
}

std::optional<std::string_view> Curator::sound(std::string_view text, std::int64_t line) {
  throw_if_stopped();  // nothing of an unfinished folder is kept
  if (text.starts_with(kByteOrderMark)) {
    text.remove_prefix(kByteOrderMark.size());
  }
  const std::size_t invalid = std::min(find_invalid_utf8(text), text.find('\0'));
  if (invalid != std::string_view::npos) {
    const auto lines =
        std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(invalid), '\n');
    bad(line + lines,
        text[invalid] == '\0' ? "binary data" : "not UTF-8",
        text.substr(invalid - std::min<std::size_t>(invalid, 40)));
    return std::nullopt;
  }
  if (cut_out_.empty()) {
    return text;
  }
  auto [rest, found] = cut_out_(text);
  counts_.cut_out += found;
  rest_ = std::move(rest);
  return rest_;
}

void Curator::bad(std::int64_t line, std::string_view reason, std::string_view excerpt) {
  const auto found = counts_.quarantined.try_emplace(std::string(reason), 0).first;
  ++found->second;
  const Json record = {
      {"file", file_}, {"line", line}, {"reason", reason}, {"excerpt", printable(excerpt)}};
  quarantine_.write(record.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
}

bool Curator::passes(std::string_view text, std::uint64_t hash) {
  const auto bytes = static_cast<std::int64_t>(text.size());
  ++counts_.seen;
  counts_.seen_bytes += bytes;
  if (bytes < std::max<std::int64_t>(config_.min_bytes, 1)) {
    ++counts_.too_short;
    return false;
  }
  if (config_.max_bytes > 0 && bytes > config_.max_bytes) {
    ++counts_.too_long;
    return false;
  }
  if (config_.deduplicate && !hashes_.insert(hash).second) {
    ++counts_.repeated;
    return false;
  }
  return true;
}

void Curator::keep(std::string_view text, std::uint64_t hash) {
  if (!limit_.offer(hash, text.size())) {
    ++counts_.over_limit;
    return;
  }
  kept_.push_back({.hash = hash, .offset = spooled_bytes_, .bytes = text.size()});
  spooled_bytes_ += text.size();
  buffer_ += text;
  if (buffer_.size() > kBufferBytes) {
    spool_.write(buffer_);
    buffer_.clear();
  }
}

std::vector<Kept> Curator::finish() {
  spool_.write(buffer_);
  spool_.commit();
  quarantine_.commit();
  const auto removed =
      std::erase_if(kept_, [&](const Kept& document) { return !limit_.has(document.hash); });
  counts_.over_limit += static_cast<std::int64_t>(removed);
  return std::move(kept_);
}

bool is_heldout(std::uint64_t hash, double share) {
  constexpr std::uint64_t kHeldoutKey =
      0x68656c646f757421ULL;  // apart from what else the hash decides
  return static_cast<double>(mix64(hash ^ kHeldoutKey) >> 11) * 0x1.0p-53 < share;
}

std::vector<std::string_view> split_text(std::string_view text, std::size_t most_bytes) {
  constexpr std::array<std::string_view, 4> kBorders = {"\n\n", "\n\r\n", "\n", " "};
  std::vector<std::string_view> pieces;
  while (text.size() > most_bytes) {
    const std::string_view window = text.substr(0, most_bytes);
    std::size_t cut = border_before(text, most_bytes);
    for (const auto border : kBorders) {
      const std::size_t found = window.rfind(border);
      if (found != std::string_view::npos && found + border.size() > most_bytes / 2) {
        cut = found + border.size();
        break;
      }
    }
    pieces.push_back(text.substr(0, cut));
    text.remove_prefix(cut);
  }
  pieces.push_back(text);
  return pieces;
}

}  // namespace rq::data
