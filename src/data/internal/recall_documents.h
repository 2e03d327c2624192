#pragma once
// Real text with facts hidden in it: recall over any distance.

#include <cstdint>
#include <string>

#include "data/config.h"
#include "data/store.h"

namespace rq::data {

// Document `index`: a passage of the filler's training documents, cut at borders of lines or
// sentences; statements (recall.h) at random depths as lines of their own; at the end, and for a
// share of them somewhere after the statement too, the questions with their answers. No longer than
// most_bytes. The same settings, filler and index give the same bytes. An Error where the filler
// has fewer bytes than config.most_bytes.
std::string recall_document(const RecallConfig& config,
                            const DocumentStore& filler,
                            std::int64_t index);

}  // namespace rq::data
