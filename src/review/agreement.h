#pragma once
// How far people agree who judged the same items, beyond what chance would give: Cohen's kappa
// (1960) over accept-or-edit against reject.
//
//   kappa = (observed - expected) / (1 - expected)
//
// where `observed` is the share of items on which two people say the same and `expected` what that
// share would be if each drew from the own frequencies. Pooled over pairs of people, both shares
// are means over the pairs weighted by their items (De Vries et al. 2008).

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace rq::review {

// One item that two people judged.
struct JudgedTwice {
  std::string first, second;  // the people; the same two are named in the same order
  bool first_accepts = false, second_accepts = false;
};

struct PairAgreement {
  std::string first, second;
  std::int64_t items = 0;
  double observed = 0;               // share of the items, in [0, 1]
  double expected = 0;               // likewise
  std::optional<double> kappa = {};  // nothing where chance alone explains everything
};

struct Agreement {
  std::int64_t items = 0;
  std::optional<double> observed = {}, kappa = {};  // pooled; nothing where there are no items
  std::vector<PairAgreement> pairs = {};            // by name
};

Agreement measure_agreement(std::span<const JudgedTwice> items);

}  // namespace rq::review
