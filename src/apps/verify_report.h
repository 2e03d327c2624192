#pragma once
// The lines of `rorqual verify`: one a fact, pass, or fail with both numbers.

#include <cmath>
#include <cstdint>
#include <iostream>
#include <string>
#include <string_view>

#include "apps/with_commas.h"
#include "base/format.h"
#include "base/tensor.h"
#include "model/config.h"
#include "model/model.h"

namespace rq {

// Prints each line as it comes, so that a check that throws still shows those before it.
class VerifyReport {
 public:
  void same(std::string_view fact, int64_t found, int64_t expected) {
    line(fact, with_commas(found), with_commas(expected), found == expected);
  }
  template <typename T>
  void same(std::string_view fact, const T& found, const T& expected) {
    line(fact, fmt::format("{}", found), fmt::format("{}", expected), found == expected);
  }
  // Within `tolerance` of the expected number. Not a number never is.
  void near(std::string_view fact, double found, double expected, double tolerance) {
    line(fact,
         fmt::format("{:.6g}", found),
         fmt::format("{:.6g} within {:.1g}", expected, tolerance),
         std::abs(found - expected) <= tolerance);
  }
  // A difference that has to be small.
  void below(std::string_view fact, double found, double limit) {
    line(fact,
         fmt::format("differs by {:.1e}", found),
         fmt::format("at most {:.0e}", limit),
         found <= limit);
  }

  int64_t facts() const { return facts_; }
  int64_t failures() const { return failures_; }

 private:
  void line(std::string_view fact, const std::string& found, const std::string& expected, bool ok) {
    ++facts_;
    failures_ += ok ? 0 : 1;
    std::cout << (ok ? fmt::format("pass  {}: {}\n", fact, found)
                     : fmt::format("FAIL  {}: {}, expected {}\n", fact, found, expected))
              << std::flush;
  }

  int64_t facts_ = 0, failures_ = 0;
};

// DeepSeek-V3's published numbers: parameter counts, rotary ranges, routing, schedules.
void verify_published_facts(VerifyReport& report);

// A small network with every part that `config` has, against slow loops over doubles: forward,
// cached decoding, prediction layers, routing, losses, and one training step's gradient and bias
// update.
void verify_network(const model::ModelConfig& config, VerifyReport& report);
// Of these, the training step. Leaves gradients and moved biases in the model.
void verify_training_step(model::Model& model, VerifyReport& report);

// The batch that a small network is checked on.
namespace verify_batch {
constexpr int64_t kRows = 2, kLength = 8;
// [kRows, length] int64, always the same; length at least kLength.
Tensor draw(const model::ModelConfig& config, int64_t length);
}  // namespace verify_batch

}  // namespace rq
