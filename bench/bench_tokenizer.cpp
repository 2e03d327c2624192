// Claim: with DeepSeek-V3's tokenizer.json one thread encodes real text at least 5 times as fast as
// the `tokenizers` library, to the same ids, and learns a vocabulary at least 1.5 times as fast, to
// the same merges.
//
// Both sides are measured in processor seconds of one thread, so that other work on the machine
// does not count.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <functional>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/files.h"
#include "base/format.h"
#include "base/hash.h"
#include "base/json.h"
#include "bench/benches.h"
#include "bench/peer.h"
#include "tokenizer/definition.h"
#include "tokenizer/files.h"
#include "tokenizer/tokenizer.h"
#include "tokenizer/train.h"

namespace rq::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPeer = "peer_tokenizer.py";
constexpr int kEncodeRepeats = 7;
constexpr int kTrainRepeats = 3;
constexpr std::int64_t kVocabulary = 8192;
constexpr std::int64_t kLastSpecials =
    7;  // of our tokenizers; the library's trainer is given three specials only
constexpr double kMega = 1e6;

double processor_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

std::vector<double> time_runs(int repeats, const std::function<void()>& work) {
  std::vector<double> seconds;
  for (int i = 0; i < repeats; ++i) {
    const double began = processor_seconds();
    work();
    seconds.push_back(processor_seconds() - began);
  }
  return seconds;
}

std::vector<std::string> read_documents(const fs::path& path) {
  tokenizer::DocumentReader reader({path});
  std::vector<std::string> documents;
  for (std::string document; reader.next(document);) {
    documents.push_back(document);
  }
  return documents;
}

struct Result {
  std::vector<double> seconds;
  std::string digest;
};

Result encode(const std::vector<std::string>& documents, const tokenizer::Tokenizer& tokenizer) {
  std::vector<std::int32_t> ids;
  const auto work = [&] {
    ids.clear();
    for (const std::string& document : documents) {
      tokenizer.encode_to(document, ids);
      ids.push_back(-1);
    }
  };
  Result result{.seconds = time_runs(kEncodeRepeats, work), .digest = {}};
  result.digest =
      sha256({reinterpret_cast<const char*>(ids.data()), ids.size() * sizeof(std::int32_t)});
  return result;
}

Result train(const std::vector<std::string>& documents, const fs::path& trained_path) {
  std::string merges;
  const auto work = [&] {
    std::size_t next = 0;
    const auto next_document = [&](std::string& document) {
      const bool has_more = next < documents.size();
      document = has_more ? documents[next++] : "";
      return has_more;
    };
    const auto trained =
        tokenizer::train(next_document, {.vocab_size = kVocabulary}, {.threads = 1, .report = {}});
    trained.save(trained_path);
  };
  Result result{.seconds = time_runs(kTrainRepeats, work), .digest = {}};
  const auto trained = tokenizer::Tokenizer::load(trained_path);
  const auto& definition = trained.definition();
  for (const auto& merge : definition.merges) {
    merges += definition.vocabulary[merge.left].first + " " +
              definition.vocabulary[merge.right].first + "\n";
  }
  result.digest = sha256(merges);
  return result;
}

void print_row(std::string_view what, const std::vector<double>& seconds, double bytes) {
  const auto [least, most] = std::ranges::minmax(seconds);
  fmt::print(
      "  {:<22} {:8.1f} MB/s   median {:7.3f} s of {} runs ({:.3f} to {:.3f}; the first {:.3f})\n",
      what,
      bytes / kMega / median(seconds),
      median(seconds),
      seconds.size(),
      least,
      most,
      seconds.front());
}

void compare(std::string_view title, const Result& ours, const Json& theirs, double bytes) {
  check(theirs["digest"] == ours.digest,
        "{}: the results differ from those of tokenizers {}",
        title,
        theirs["version"].get<std::string>());
  const auto their_seconds = theirs["seconds"].get<std::vector<double>>();
  fmt::print("{}: same result\n", title);
  print_row("rorqual", ours.seconds, bytes);
  print_row("tokenizers " + theirs["version"].get<std::string>(), their_seconds, bytes);
  fmt::print("  ratio {:.1f}\n", median(their_seconds) / median(ours.seconds));
}

// The speed of only looking at each byte: what no tokenizer passes.
double reading_seconds(const std::vector<std::string>& documents) {
  volatile std::uint64_t sink = 0;
  return median(time_runs(kEncodeRepeats, [&] {
    std::uint64_t sum = 0;
    for (const std::string& document : documents) {
      for (const char c : document) {
        sum += static_cast<unsigned char>(c);
      }
    }
    sink = sum;
  }));
}

}  // namespace

void bench_tokenizer(std::span<const std::string> arguments) {
  check(arguments.size() <= 1,
        "bench tokenizer takes one argument at most: a .jsonl file of {{\"text\"}} to use in place "
        "of its own");
  const Json places = ask_peer(kPeer, "prepare");
  const fs::path text =
      arguments.empty() ? fs::path(places["text"].get<std::string>()) : fs::path(arguments[0]);
  const fs::path v3 = places["tokenizer"].get<std::string>();
  const auto documents = read_documents(text);
  const auto bytes = std::accumulate(
      documents.begin(), documents.end(), 0.0, [](double sum, const std::string& document) {
        return sum + static_cast<double>(document.size());
      });
  fmt::print(
      "{} documents, {:.1f} MB, one thread, processor time; reading each byte once: {:.0f} MB/s\n",
      documents.size(),
      bytes / kMega,
      bytes / kMega / reading_seconds(documents));

  const auto quoted = [](const fs::path& path) { return "'" + path.string() + "'"; };
  compare("encoding with DeepSeek-V3's tokenizer.json",
          encode(documents, tokenizer::Tokenizer::load(v3)),
          ask_peer(kPeer, fmt::format("encode {} {} {}", quoted(text), quoted(v3), kEncodeRepeats)),
          bytes);
  const fs::path trained = find_root() / ".cache" / "bench-tokenizer-trained.json";
  const Result ours = train(documents, trained);
  compare(fmt::format("training {} tokens", kVocabulary),
          ours,
          ask_peer(kPeer,
                   fmt::format("train {} {} {} {}",
                               quoted(text),
                               quoted(trained),
                               kVocabulary - kLastSpecials,
                               kTrainRepeats)),
          bytes);
}

}  // namespace rq::bench
