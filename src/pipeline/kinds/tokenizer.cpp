#include "pipeline/kinds/tokenizer.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/config.h"
#include "base/progress.h"
#include "base/signals.h"
#include "data/store.h"
#include "pipeline/process.h"
#include "pipeline/recipe.h"
#include "tokenizer/folder.h"
#include "tokenizer/tokenizer.h"
#include "tokenizer/train.h"

namespace rq::pipeline {

namespace {

// The training documents of several data folders, one after the other.
class Documents {
 public:
  Documents(const std::vector<std::filesystem::path>& folders, std::int64_t limit_bytes)
      : limit_bytes_(limit_bytes) {
    for (const auto& folder : folders) {
      stores_.emplace_back(folder);
    }
  }

  bool next(std::string& document) {
    while (store_ < stores_.size()) {
      const data::DocumentStore& store = stores_[store_];
      const bool is_full = limit_bytes_ > 0 && bytes_ >= limit_bytes_;
      if (position_ < store.size() && !is_full && !stop_requested()) {
        document = store[position_++];
        bytes_ += static_cast<std::int64_t>(document.size());
        return true;
      }
      ++store_;
      position_ = bytes_ = 0;
    }
    return false;
  }

  std::int64_t total_bytes() const {
    std::int64_t total = 0;
    for (const auto& store : stores_) {
      total += limit_bytes_ > 0 ? std::min(limit_bytes_, store.bytes()) : store.bytes();
    }
    return total;
  }

 private:
  std::int64_t limit_bytes_;
  std::vector<data::DocumentStore> stores_;
  std::size_t store_ = 0;
  std::int64_t position_ = 0, bytes_ = 0;  // within the current store
};

// Bars for counting and merging, made when their stage begins.
class Bars {
 public:
  explicit Bars(std::int64_t total_bytes) : total_bytes_(total_bytes) {}

  void report(std::string_view stage, std::int64_t done, std::int64_t total) {
    if (stage != stage_) {
      stage_ = stage;
      const bool is_counting = total == 0;
      bar_ = std::make_unique<Progress>(fmt::format("tokenizer: {}", stage),
                                        is_counting ? total_bytes_ : total,
                                        is_counting ? "bytes" : "merges");
    }
    bar_->update(done);
  }

 private:
  std::int64_t total_bytes_;
  std::string stage_;
  std::unique_ptr<Progress> bar_;
};

class TokenizerProcess : public Process {
 public:
  using Settings = TokenizerSettings;
  Settings settings;

  ConfigNode config() const override { return write_config(settings); }
  Thing makes() const override { return {ThingType::kTokenizer, settings.makes}; }
  bool depends_on_seed() const override { return false; }  // counts are exact

  std::vector<Input> inputs() const override {
    std::vector<Input> inputs;
    for (const std::string& name : settings.from) {
      inputs.push_back({{ThingType::kData, name}, "from"});
    }
    return inputs;
  }

  // Training takes a minute at most and keeps nothing in between: an interrupted one begins anew.
  void run(Context& context) const override {
    std::vector<std::filesystem::path> folders;
    for (const Input& input : inputs()) {
      folders.push_back(context.place(input.thing));
    }
    Documents documents(folders, settings.limit_bytes);
    Bars bars(documents.total_bytes());
    const auto tokenizer = train(documents, bars);
    throw_if_stopped();  // the documents ended early then
    tokenizer::save_tokenizer_folder(tokenizer, context.output);
    context.log(fmt::format("{} ids in {}", tokenizer.vocab_size(), context.output.string()));
  }

 private:
  tokenizer::Tokenizer train(Documents& documents, Bars& bars) const {
    try {
      return tokenizer::train(
          [&](std::string& document) { return documents.next(document); },
          settings.train,
          {.report = [&](std::string_view stage, std::int64_t done, std::int64_t total) {
            bars.report(stage, done, total);
          }});
    } catch (const Error&) {
      throw_if_stopped();  // asked to stop before the first document, it found none
      throw;
    }
  }
};

}  // namespace

std::vector<std::string> TokenizerSettings::problems() const {
  std::vector<std::string> found;
  if (from.empty()) {
    found.emplace_back("from names no data");
  }
  if (std::set(from.begin(), from.end()).size() != from.size()) {
    found.emplace_back("from names a data box twice");
  }
  if (limit_bytes < 0) {
    found.push_back(fmt::format("limit_bytes={} is negative", limit_bytes));
  }
  for (std::string& sentence : train.problems()) {
    found.push_back(std::move(sentence));
  }
  return found;
}

std::optional<std::int64_t> most_ids(const Recipe& recipe, const std::string& name) {
  for (const NamedProcess& entry : recipe.processes) {
    const auto* process = dynamic_cast<const TokenizerProcess*>(entry.process.get());
    if (process != nullptr && process->settings.makes == name) {
      return process->settings.train.vocab_size;
    }
  }
  for (const auto& box : recipe.tokenizers) {
    const std::filesystem::path path = recipe.resolve(box.value.path);
    if (box.name == name && std::filesystem::exists(path)) {
      const bool is_folder = std::filesystem::is_directory(path);
      return tokenizer::Tokenizer::load(is_folder ? path / "tokenizer.json" : path).vocab_size();
    }
  }
  return std::nullopt;
}

Kind tokenizer_kind() {
  return kind_of<TokenizerProcess>("tokenizer");
}

}  // namespace rq::pipeline
