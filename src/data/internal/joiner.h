#pragma once
// Makes long documents of a source's files: takes texts in an order and hands them on together.

#include <cstdint>
#include <string>
#include <string_view>

#include "data/config.h"
#include "data/internal/curator.h"
#include "data/internal/reader.h"

namespace rq::data {

// Holds one joined document. The texts pass the curator's filters one by one and are kept as they
// are, but that each begins on a line of its own after an empty one.
class Joiner : public Sink {
 public:
  Joiner(const JoinConfig& config, Curator& curator) : config_(config), curator_(curator) {}

  // Before the texts of a file: what stands in front of each, "" or a line.
  void begin_file(std::string heading) { heading_ = std::move(heading); }
  void document(std::string_view text, std::int64_t line) override;
  void bad(std::int64_t line, std::string_view reason, std::string_view excerpt) override {
    curator_.bad(line, reason, excerpt);
  }
  // After the last file.
  void finish();

 private:
  JoinConfig config_;
  Curator& curator_;
  std::string heading_, joined_;
};

}  // namespace rq::data
