#pragma once
// From a data folder's documents to token shards that are mapped into memory.
//
//   tokens/shard-00000.tokens   ids, little-endian uint16 (vocabulary up to 65,536) or uint32
//   tokens/shard-00000.offsets  uint64: where each document begins, in tokens, and the end
//   tokens/manifest.json        counts, also by length in powers of two, and XXH3 checksums;
//   written
//                               last
//
// Each document ends with `end_token`. A share `fim_rate` of them is rearranged, at document level
// and before packing, as <fim_begin> prefix <fim_hole> suffix <fim_end> middle (DeepSeek-V3 §4.1,
// PSM). A token of punctuation followed by newlines is cut in two with probability `split_rate`.
// Every draw comes from a stream named by the document's hash, so the result depends on the seed
// and not on the number of threads. Text that spells a special token is tokenized as plain text.

#include <filesystem>

#include "base/json.h"
#include "data/config.h"
#include "tokenizer/tokenizer.h"

namespace rq::data {

// Writes the token folder `out` from `data_folder` (collect.h) and returns its manifest. A complete
// folder of the same documents, tokenizer and configuration is kept. `threads` 0: one a core.
Json tokenize(const std::filesystem::path& data_folder,
              const tokenizer::Tokenizer& tokenizer,
              const ShardConfig& config,
              const std::filesystem::path& out,
              int threads = 0);

}  // namespace rq::data
