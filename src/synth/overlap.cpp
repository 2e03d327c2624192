#include "synth/overlap.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "base/json.h"
#include "data/conversation.h"

namespace rq::synth {
namespace {

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80 || std::isalnum(byte) != 0) {
      words.back() += static_cast<char>(std::tolower(byte));
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) {
    words.pop_back();
  }
  return words;
}

// Calls use(hash) for each run of so many words, or for all words together where there are fewer;
// stops where use() says so.
template <typename Use>
void each_run(const std::vector<std::string>& words, std::size_t length, Use&& use) {
  const std::size_t taken = std::min(length, words.size());
  for (std::size_t first = 0; taken > 0 && first + taken <= words.size(); ++first) {
    std::string run;
    for (const std::string& word : std::span(words).subspan(first, taken)) {
      run += word + ' ';
    }
    if (!use(xxh3(run))) {
      return;
    }
  }
}

}  // namespace

void WordRuns::add(std::string_view text) {
  each_run(words_of(text), length_, [&](std::uint64_t hash) {
    runs_.insert(hash);
    return true;
  });
}

bool WordRuns::overlaps(std::string_view text) const {
  return holds_one_of(words_of(text));
}

bool WordRuns::shares_run(std::string_view text) const {
  const std::vector<std::string> words = words_of(text);
  return words.size() >= length_ && holds_one_of(words);
}

bool WordRuns::holds_one_of(const std::vector<std::string>& words) const {
  bool is_found = false;
  each_run(words, length_, [&](std::uint64_t hash) {
    is_found = runs_.contains(hash);
    return !is_found;
  });
  return is_found;
}

void RunSearch::add(std::string_view text) {
  each_run(words_of(text), length_, [&](std::uint64_t hash) {
    runs_.emplace(hash, found_.size());
    return true;
  });
  found_.push_back(false);
}

void RunSearch::look_at(std::string_view text) {
  each_run(words_of(text), length_, [&](std::uint64_t hash) {
    const auto [first, last] = runs_.equal_range(hash);
    for (auto one = first; one != last; ++one) {
      found_[one->second] = true;
    }
    return true;
  });
}

std::vector<std::string> texts_of(std::string_view document) {
  const Json json = Json::parse(document, nullptr, /*allow_exceptions=*/false);
  if (json.is_object() && json.contains("messages")) {
    std::vector<std::string> texts;
    for (data::Message& message : data::parse_conversation(document, "a document").messages) {
      texts.push_back(std::move(message.content));
    }
    return texts;
  }
  const bool is_problem = json.is_object() && json.contains("prompt") && json["prompt"].is_string();
  return {is_problem ? json["prompt"].get<std::string>() : std::string(document)};
}

}  // namespace rq::synth
