#pragma once
// Requests to write on, with how a real text goes on as their answer.

#include <cstdint>
#include <string>

#include "data/config.h"
#include "data/store.h"

namespace rq::data {

// Conversation `index`: one of a few wordings of the request with whole sentences of a training
// document, and as many whole sentences after them as fit; its white space as single blanks. The
// same settings, texts and index give the same bytes. An Error where the box holds no text to be
// cut in this way.
std::string continuation_document(const ContinuationConfig& config,
                                  const DocumentStore& texts,
                                  std::int64_t index);

}  // namespace rq::data
