#include "reward/internal/math/compare.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reward/internal/math/evaluate.h"
#include "reward/internal/math/real_set.h"
#include "reward/internal/math/same_values.h"

namespace rq::reward::math {
namespace {

constexpr std::size_t kMostUnordered = 100;  // elements: every one is compared with every other

bool has_two_signs(const Node& node) {
  return has_any(node, [](const Node& part) { return part.kind == Kind::kPlusMinus; });
}
bool is_set(const Node& node) {
  return node.kind == Kind::kBracketed && node.text == "{}";
}
bool is_unordered(const Node& node) {
  return node.kind == Kind::kList || is_set(node);
}

// `node` with its upper or its lower signs.
Node with_signs(Node node, std::string_view negative) {
  for (Node& part : node.parts) {
    part = with_signs(std::move(part), negative);
  }
  if (node.kind != Kind::kPlusMinus) {
    return node;
  }
  Node part = std::move(node.parts[0]);
  return node.text == negative ? make_node(Kind::kNegative, "", std::move(part)) : part;
}

// What stands in a list or a set, or the node alone; each that has a "+-" as two.
std::vector<Node> elements_of(const Node& node) {
  const std::vector<Node> parts = is_unordered(node) ? node.parts : std::vector<Node>{node};
  std::vector<Node> elements;
  for (const Node& part : parts) {
    if (has_two_signs(part)) {
      elements.push_back(with_signs(part, "-+"));
      elements.push_back(with_signs(part, "+-"));
    } else {
      elements.push_back(part);
    }
  }
  return elements;
}

// "x", "f(x)", "(x, y)": what an equation may give a value to.
bool is_nameable(const Node& node) {
  return !variables_of(node).empty() && !has_any(node, [](const Node& part) {
    return part.kind == Kind::kNumber || part.kind == Kind::kSum || part.kind == Kind::kFunction;
  });
}

Node difference(const Node& a, const Node& b) {
  return make_node(Kind::kSum, "", a, make_node(Kind::kNegative, "", b));
}

class Comparison {
 public:
  // What was not compared to its end is not the same.
  bool verdict(const Node& a, const Node& b) { return same(a, b) && !work_.is_spent(); }

 private:
  bool same(const Node& a, const Node& b) {
    if (has_two_signs(a) || has_two_signs(b)) {
      return same_elements(elements_of(a), elements_of(b));
    }
    if (const auto verdict = same_solutions(a, b)) {
      return *verdict;
    }
    if (a.kind == Kind::kRelation || b.kind == Kind::kRelation) {
      return same_relations(a, b);
    }
    if (is_unordered(a) || is_unordered(b)) {
      return same_lists(a, b);
    }
    if (a.kind == Kind::kBracketed || a.kind == Kind::kMatrix) {
      return a.kind == b.kind && a.text == b.text && same_in_order(a.parts, b.parts);
    }
    return same_quantities(a, b);
  }

  // Where either is more than one interval: both as sets of real numbers, if they are such.
  std::optional<bool> same_solutions(const Node& a, const Node& b) {
    const auto is_solution = [](const Node& node) {
      const bool is_assignment =
          node.kind == Kind::kRelation && node.text.find_first_of("=~e") != std::string::npos;
      return node.kind == Kind::kSets || (node.kind == Kind::kRelation && !is_assignment) ||
             (node.kind == Kind::kList && node.text == "or") || node.kind == Kind::kName;
    };
    if (!is_solution(a) && !is_solution(b)) {
      return std::nullopt;
    }
    const auto mine = read_solutions(a, work_), theirs = read_solutions(b, work_);
    if (!mine || !theirs) {
      return std::nullopt;
    }
    const bool is_same_variable =
        mine->variable.empty() || theirs->variable.empty() || mine->variable == theirs->variable;
    return is_same_variable && are_same(mine->set, theirs->set, closeness_of(a, b));
  }

  bool same_relations(const Node& a, const Node& b) {
    if (a.kind != Kind::kRelation || b.kind != Kind::kRelation) {
      const Node& relation = a.kind == Kind::kRelation ? a : b;
      const Node& other = a.kind == Kind::kRelation ? b : a;
      return gives_value(relation) && same(relation.parts.back(), other);
    }
    if (a.parts.size() == 2 && b.parts.size() == 2) {
      return same_links(a, b);
    }
    if (a.text.find_first_not_of('=') == std::string::npos &&
        b.text.find_first_not_of('=') == std::string::npos) {
      return same(a.parts.front(), b.parts.front()) && same(a.parts.back(), b.parts.back());
    }
    return same_chains(a, b);
  }

  // "x = 5", "f(x) = x + 1", "x \in [0, 1]", and "2 + 3 = 5" as far as it is true.
  bool gives_value(const Node& relation) {
    if (relation.text.find_first_not_of("=~e") != std::string::npos) {
      return false;
    }
    const bool is_computed = variables_of(relation).empty();
    return is_nameable(relation.parts.front()) ||
           (is_computed && same(relation.parts.front(), relation.parts.back()));
  }

  // "a < b < c" and "c > b > a".
  bool same_chains(const Node& a, const Node& b) {
    if (a.text == b.text && same_in_order(a.parts, b.parts)) {
      return true;
    }
    Node turned = b;
    std::reverse(turned.parts.begin(), turned.parts.end());
    std::reverse(turned.text.begin(), turned.text.end());
    std::transform(turned.text.begin(), turned.text.end(), turned.text.begin(), mirrored);
    return a.text == turned.text && same_in_order(a.parts, turned.parts);
  }

  // Two relations of two sides: whether what is left over when all is on one side has a constant
  // ratio, a positive one where its sign matters.
  bool same_links(const Node& a, const Node& b) {
    if (a.text == b.text && same_in_order(a.parts, b.parts)) {
      return true;
    }
    const auto is_greater = [](const Node& node) { return node.text == ">" || node.text == "g"; };
    const auto kind_of = [&](const Node& node) {
      return is_greater(node) ? mirrored(node.text[0]) : node.text == "~" ? '=' : node.text[0];
    };
    if (kind_of(a) != kind_of(b) || kind_of(a) == 'e') {
      return false;
    }
    const auto left_over = [&](const Node& node) {
      return is_greater(node) ? difference(node.parts[1], node.parts[0])
                              : difference(node.parts[0], node.parts[1]);
    };
    const bool has_sign = kind_of(a) == '<' || kind_of(a) == 'l';
    return have_constant_ratio(
        left_over(a), left_over(b), has_sign ? Ratio::kPositive : Ratio::kAny, work_);
  }

  // A list without braces may be a tuple; a set may not. What names one value
  // alone is the same as that value: "3/4 or 0.75".
  bool same_lists(const Node& a, const Node& b) {
    if (is_unordered(a) && is_unordered(b)) {
      return same_elements(elements_of(a), elements_of(b));
    }
    const Node& list = is_unordered(a) ? a : b;
    const Node& other = is_unordered(a) ? b : a;
    if (other.kind == Kind::kBracketed) {
      return !is_set(list) && other.text == "()" && same_in_order(list.parts, other.parts);
    }
    return !list.parts.empty() && std::all_of(list.parts.begin(),
                                              list.parts.end(),
                                              [&](const Node& part) { return same(part, other); });
  }

  bool same_in_order(const std::vector<Node>& a, const std::vector<Node>& b) {
    return std::equal(
        a.begin(), a.end(), b.begin(), b.end(), [this](const Node& mine, const Node& theirs) {
          return same(mine, theirs);
        });
  }

  // Each is among the others.
  bool same_elements(const std::vector<Node>& a, const std::vector<Node>& b) {
    if (a.size() > kMostUnordered || b.size() > kMostUnordered) {
      return same_in_order(a, b);
    }
    const auto are_among = [this](const std::vector<Node>& some, const std::vector<Node>& all) {
      return std::all_of(some.begin(), some.end(), [&](const Node& one) {
        return std::any_of(
            all.begin(), all.end(), [&](const Node& other) { return same(one, other); });
      });
    };
    return are_among(a, b) && are_among(b, a);
  }

  bool same_quantities(const Node& a, const Node& b) {
    const auto unit_of = [](const Node& node) {
      return node.kind == Kind::kQuantity ? node.text : node.kind == Kind::kDegrees ? "degree" : "";
    };
    const std::string unit = unit_of(a), other = unit_of(b);
    if (!unit.empty() && !other.empty() && unit != other) {
      return false;
    }
    const bool has_percent = a.kind == Kind::kPercent || b.kind == Kind::kPercent;
    const bool has_base = a.kind == Kind::kBased || b.kind == Kind::kBased;
    if (are_same_values(a, b, work_)) {
      return true;
    }
    // "50%" for 50, and "101" for what is 101 in base 2: the sign was left off on one side.
    const bool may_drop = a.kind != b.kind && (has_percent || has_base);
    const auto bare = [](const Node& node) -> const Node& {
      return node.kind == Kind::kPercent || node.kind == Kind::kBased ? node.parts[0] : node;
    };
    return may_drop && are_same_values(bare(a), bare(b), work_);
  }

  Work work_;
};

}  // namespace

bool are_same(const Node& given, const Node& expected) {
  return Comparison().verdict(given, expected);
}

}  // namespace rq::reward::math
