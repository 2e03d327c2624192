#include "reward/math_answer.h"

#include <cstddef>
#include <optional>
#include <utility>

#include "reward/internal/math/compare.h"
#include "reward/internal/math/lexer.h"
#include "reward/internal/math/parser.h"

namespace rq::reward {
namespace {

constexpr std::size_t kMostBytes = 8192;  // of an answer that is read as mathematics

}  // namespace

bool is_same_answer(std::string_view given, std::string_view expected) {
  if (given.size() > kMostBytes || expected.size() > kMostBytes) {
    return given == expected;
  }
  math::Tokens mine = math::read_tokens(given), theirs = math::read_tokens(expected);
  if (mine.empty() || theirs.empty()) {
    return false;
  }
  if (mine == theirs || math::are_same_words(mine, theirs)) {
    return true;
  }
  const auto given_tree = math::parse(std::move(mine));
  const auto expected_tree = given_tree ? math::parse(std::move(theirs)) : std::nullopt;
  return given_tree && expected_tree && math::are_same(*given_tree, *expected_tree);
}

}  // namespace rq::reward
