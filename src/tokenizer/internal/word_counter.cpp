#include "tokenizer/internal/word_counter.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/hash.h"
#include "base/threads.h"
#include "tokenizer/internal/utf8.h"

namespace rq::tokenizer {
namespace {

constexpr std::size_t kPartBytes = 1 << 20;    // of text, for one thread at a time
constexpr std::size_t kBatchBytes = 32 << 20;  // read before the threads go on
constexpr std::size_t kFirstSlots = 1 << 14;

bool is_ascii_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Cuts a document into parts that many threads can count. Between a newline and a letter V3's
// patterns always end a piece, and none looks across, so the pieces are the same.
void cut(std::string_view document, std::vector<std::string_view>& parts) {
  while (document.size() > kPartBytes) {
    std::size_t at = kPartBytes;
    while (at < document.size() && !(document[at - 1] == '\n' && is_ascii_letter(document[at]))) {
      ++at;
    }
    parts.push_back(document.substr(0, at));
    document.remove_prefix(at);
  }
  if (!document.empty()) {
    parts.push_back(document);
  }
}

class Counter {
 public:
  explicit Counter(const PreTokenizer& pre_tokenizer) : pre_tokenizer_(pre_tokenizer) {}

  void add(std::string_view text) {
    const auto add_word = [&](std::string_view word) {
      if (word.size() > 1) {
        table_.add(word, 1);
      }
    };
    each_utf8_run(
        text,
        [&](std::string_view run) { pre_tokenizer_.split(run, scratch_, add_word); },
        [](std::string_view) {});
  }
  const WordTable& table() const { return table_; }

 private:
  const PreTokenizer& pre_tokenizer_;
  PreTokenizerScratch scratch_;
  WordTable table_;
};

}  // namespace

WordTable::WordTable() : slots_(kFirstSlots) {}

void WordTable::add(std::string_view word, std::int64_t count) {
  if (words_.size() * 2 >= slots_.size()) {
    grow();
  }
  const std::uint64_t hash = xxh3(word);
  std::size_t at = hash & (slots_.size() - 1);
  for (; slots_[at] != 0; at = (at + 1) & (slots_.size() - 1)) {
    Word& known = words_[slots_[at] - 1];
    if (known.hash == hash && std::string_view(bytes_).substr(known.begin, known.length) == word) {
      known.count += count;
      return;
    }
  }
  words_.push_back({bytes_.size(), word.size(), hash, count});
  bytes_ += word;
  slots_[at] = static_cast<std::uint32_t>(words_.size());
}

void WordTable::grow() {
  slots_.assign(slots_.size() * 2, 0);
  for (std::size_t i = 0; i < words_.size(); ++i) {
    std::size_t at = words_[i].hash & (slots_.size() - 1);
    while (slots_[at] != 0) {
      at = (at + 1) & (slots_.size() - 1);
    }
    slots_[at] = static_cast<std::uint32_t>(i + 1);
  }
}

WordTable count_words(const NextDocument& next,
                      const PreTokenizer& pre_tokenizer,
                      const TrainRun& run) {
  const int threads = threads_for(run.threads);
  std::vector<std::unique_ptr<Counter>> counters;
  for (int i = 0; i < threads; ++i) {
    counters.push_back(std::make_unique<Counter>(pre_tokenizer));
  }
  std::int64_t bytes_read = 0;
  std::vector<std::string> batch;
  std::vector<std::string_view> parts;
  bool has_more = true;
  while (has_more) {
    batch.clear();
    std::size_t batch_bytes = 0;
    std::string document;
    while (batch_bytes < kBatchBytes && (has_more = next(document))) {
      batch_bytes += document.size();
      batch.push_back(std::move(document));
      document.clear();
    }
    parts.clear();
    for (const std::string& text : batch) {
      cut(text, parts);
    }
    std::atomic<std::size_t> next_part{0};
    for_each_index(counters.size(), threads, [&](std::size_t thread) {
      for (std::size_t i = next_part++; i < parts.size(); i = next_part++) {
        counters[thread]->add(parts[i]);
      }
    });
    bytes_read += static_cast<std::int64_t>(batch_bytes);
    if (run.report) {
      run.report("count", bytes_read, 0);
    }
  }
  check(bytes_read > 0, "there is no text to train a tokenizer on: the documents are empty");
  WordTable all;
  for (const auto& counter : counters) {
    const WordTable& table = counter->table();
    for (std::size_t i = 0; i < table.size(); ++i) {
      all.add(table.word(i), table.count(i));
    }
  }
  return all;
}

}  // namespace rq::tokenizer
