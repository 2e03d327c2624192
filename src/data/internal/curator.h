#pragma once
// Chooses among the documents of a source: cuts, checks, filters, deduplicates, draws the held-out
// ones, and keeps what is chosen in a temporary file. Every choice depends on a document's own
// bytes, but for the limits: these keep the lowest hashes, which does not depend on the order
// either.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <queue>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/files.h"
#include "data/config.h"
#include "data/internal/cut_out.h"
#include "data/internal/reader.h"

namespace rq::data {

// A document of a source, in its temporary file.
struct Kept {
  std::uint64_t hash = 0;  // XXH3 of its bytes
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
};

struct Counts {
  std::int64_t seen = 0, seen_bytes = 0;  // after cutting, before any filter
  std::int64_t cut_out = 0;               // pieces that another box holds out
  std::int64_t too_short = 0, too_long = 0, repeated = 0, over_limit = 0;
  std::map<std::string, std::int64_t, std::less<>> quarantined;  // by reason
};

// Keeps those of the lowest hashes that fit into `limit_bytes` together, whatever the order they
// come in.
class LowestHashes {
 public:
  explicit LowestHashes(std::int64_t limit_bytes) : limit_bytes_(limit_bytes) {}
  // Whether the document may still belong to the chosen.
  bool offer(std::uint64_t hash, std::uint64_t bytes);
  // After the last offer: whether it does.
  bool has(std::uint64_t hash) const { return hash < bound_; }

 private:
  struct Candidate {
    std::uint64_t hash, bytes;
    bool operator<(const Candidate& other) const { return hash < other.hash; }
  };
  std::int64_t limit_bytes_, total_bytes_ = 0;
  std::uint64_t bound_ = UINT64_MAX;  // hashes from here on are out
  std::priority_queue<Candidate> chosen_;
};

class Curator : public Sink {
 public:
  // `folder` must exist; it gets the temporary file and quarantine.jsonl. What `cut_out` finds in a
  // text is taken away before anything else.
  Curator(const SourceConfig& config,
          const std::filesystem::path& folder,
          CutOut cut_out = CutOut({}));

  // The file that what follows is from, for the quarantine.
  void begin_file(std::string name) { file_ = std::move(name); }
  void document(std::string_view text, std::int64_t line) override;
  void bad(std::int64_t line, std::string_view reason, std::string_view excerpt) override;

  // The steps of document(), for who joins texts before they are kept.
  // What of a text may be used, until the next call; nothing where it is not sound text.
  std::optional<std::string_view> sound(std::string_view text, std::int64_t line);
  // Whether it is of the right length and new.
  bool passes(std::string_view text, std::uint64_t hash);
  void keep(std::string_view text, std::uint64_t hash);

  // Ends the reading: what is kept, in the order it came.
  std::vector<Kept> finish();
  const std::filesystem::path& spool_path() const { return spool_path_; }
  const Counts& counts() const { return counts_; }

 private:
  SourceConfig config_;
  CutOut cut_out_;
  std::filesystem::path spool_path_;
  FileWriter spool_, quarantine_;
  std::string file_, buffer_, rest_;  // rest_: of the last text that something was cut out of
  std::uint64_t spooled_bytes_ = 0;
  std::vector<Kept> kept_;
  std::unordered_set<std::uint64_t> hashes_;
  LowestHashes limit_;
  Counts counts_;
};

// Whether a document belongs to the held-out share.
bool is_heldout(std::uint64_t hash, double share);

// The pieces of a text that are at most `most_bytes` long, cut after an empty line if there is one
// in the second half of a piece, else after a line, else after a space, else between characters.
// Their concatenation is the text.
std::vector<std::string_view> split_text(std::string_view text, std::size_t most_bytes);

}  // namespace rq::data
