#include "data/internal/recall_documents.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/rng.h"
#include "data/generators/sizes.h"
#include "data/recall.h"
#include "data/store.h"

namespace rq::data {
namespace {

// Whether a line or a sentence ends before `at`, and another begins there.
bool is_border(std::string_view text, std::size_t at) {
  if (at == 0 || at >= text.size() || text[at - 1] == '\n') {
    return true;
  }
  constexpr std::string_view kSentenceEnds = ".!?";
  return at >= 2 && text[at - 1] == ' ' &&
         kSentenceEnds.find(text[at - 2]) != std::string_view::npos;
}

// The first border at or after `at`; the text's end is one.
std::size_t border_after(std::string_view text, std::size_t at) {
  while (!is_border(text, at)) {
    ++at;
  }
  return std::min(at, text.size());
}

// At most `bytes` of the documents from a random place on, whole sentences or lines.
std::string passage(Rng& rng, const DocumentStore& filler, std::size_t bytes) {
  std::int64_t document = rng.between(0, filler.size() - 1);
  std::string_view rest = filler[document];
  rest.remove_prefix(border_after(rest, static_cast<std::size_t>(rng.below(rest.size()))));
  std::string text;
  while (text.size() + 1 < bytes) {  // room for the newline between two documents
    if (!text.empty() && text.back() != '\n') {
      text += '\n';
    }
    const std::string_view part = rest.substr(0, bytes - text.size());
    std::size_t end = part.size();
    if (end < rest.size()) {
      while (!is_border(rest, end)) {
        --end;
      }
      return text.append(part.substr(0, end));
    }
    text += part;
    document = (document + 1) % filler.size();
    rest = filler[document];
  }
  return text;
}

// A line for a depth of the passage.
struct Inserted {
  std::size_t at = 0;
  std::string line;
};

std::string with_lines(std::string_view text, std::vector<Inserted>& lines) {
  std::ranges::stable_sort(lines, {}, &Inserted::at);
  std::string result;
  std::size_t from = 0;
  const auto end_line = [&] {
    while (!result.empty() && result.back() == ' ') {
      result.pop_back();
    }
    if (!result.empty() && result.back() != '\n') {
      result += '\n';
    }
  };
  for (const auto& [at, line] : lines) {
    result.append(text.substr(from, at - from));
    end_line();
    result.append(line).append("\n");
    from = at;
  }
  result.append(text.substr(from));
  end_line();
  return result;
}

}  // namespace

std::string recall_document(const RecallConfig& config,
                            const DocumentStore& filler,
                            std::int64_t index) {
  check(config.most_bytes <= filler.bytes(),
        "recall.most_bytes={} is more than the {} bytes of training documents in {}",
        config.most_bytes,
        filler.bytes(),
        config.from);
  Rng rng(static_cast<std::uint64_t>(config.seed), fmt::format("data/recall/{}", index));
  const std::int64_t bytes =
      log_uniform(rng, {.least = config.least_bytes, .most = config.most_bytes});
  // A sentence with its newline is at most 30 bytes; said three times at most, facts fill no more
  // than half a document.
  constexpr std::int64_t kFactBytes = 180;
  const std::int64_t room = std::max<std::int64_t>(bytes / kFactBytes, 1);
  std::vector<Fact> facts = draw_facts(rng, std::min(rng.between(1, config.facts), room));

  std::vector<bool> is_early;
  std::size_t spoken = 0;  // bytes
  for (const auto& fact : facts) {
    is_early.push_back(rng.uniform() < config.asked_early);
    spoken += (statement(fact).size() + 2) * (is_early.back() ? 3 : 2);
  }
  const auto whole = static_cast<std::size_t>(bytes);
  const std::string text = passage(rng, filler, whole - std::min(spoken, whole));
  std::vector<Inserted> lines;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    const auto depth = static_cast<std::size_t>(rng.below(text.size() + 1));
    lines.push_back({.at = border_after(text, depth), .line = statement(facts[i])});
    if (is_early[i]) {
      const auto later = static_cast<std::size_t>(rng.below(text.size() + 1 - depth));
      lines.push_back({.at = border_after(text, depth + later), .line = statement(facts[i])});
    }
  }
  std::string document = with_lines(text, lines);
  rng.shuffle(facts);
  for (const auto& fact : facts) {
    document.append(question(fact)).append(answer(fact)).append(".\n");
  }
  return document;
}

}  // namespace rq::data
