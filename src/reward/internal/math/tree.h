#pragma once
// An answer as it was understood: an expression, or a structure of expressions.

#include <gmpxx.h>

#include <string>
#include <utility>
#include <vector>

namespace rq::reward::math {

enum class Kind {
  // Expressions.
  kNumber,     // value; text "decimal" where it was written with a point
  kBased,      // value in the base that text names; parts[0] is the number as it would be in ten
  kName,       // a variable, a constant ("pi", "infinity") or words
  kSum,        // of all parts
  kProduct,    // of all parts
  kNegative,   // -parts[0]
  kInverse,    // 1 / parts[0]
  kPower,      // parts[0] to the power of parts[1]
  kFunction,   // text of all parts: "sqrt" (x, n), "log" (base, x), "sin" (x), ...
  kPercent,    // parts[0] in hundredths
  kDegrees,    // parts[0]: an angle within "sin" and its like, else a number with a unit
  kPlusMinus,  // text "+-" or "-+": parts[0] with either sign
  kQuantity,   // parts[0] with the unit `text`; "" is one that is not known
  // Structures.
  kList,       // parts in any order; text "or" where that joins them
  kBracketed,  // parts between text: "()", "[)", "{}" (a set)
  kRelation,   // parts with text[i], one of = ! ~ < > l (<=) g (>=) e (in), between i and i + 1
  kSets,       // parts[0] and parts[1] joined as text says: "union", "intersect", "minus"
  kMatrix,     // rows of kBracketed
};

struct Node {
  Kind kind = Kind::kNumber;
  std::string text;
  std::vector<Node> parts;
  mpq_class value;
};

template <typename... Parts>
Node make_node(Kind kind, std::string text, Parts... parts) {
  Node node{.kind = kind, .text = std::move(text), .parts = {}, .value = {}};
  (node.parts.push_back(std::move(parts)), ...);
  return node;
}

inline Node make_number(mpq_class value) {
  return {.kind = Kind::kNumber, .text = {}, .parts = {}, .value = std::move(value)};
}

inline bool is_integer(const Node& node) {
  return node.kind == Kind::kNumber && node.text.empty() && node.value.get_den() == 1;
}

// The node itself, or its part where it has no other: a sum of one.
inline Node unless_alone(Node node) {
  return node.parts.size() == 1 ? Node(std::move(node.parts.front())) : node;
}

// The letter of a relation read from right to left.
inline char mirrored(char relation) {
  switch (relation) {
    case '<':
      return '>';
    case '>':
      return '<';
    case 'l':
      return 'g';
    case 'g':
      return 'l';
    default:
      return relation;
  }
}

// Whether a node that `matches` stands anywhere in the tree.
template <typename Matches>
bool has_any(const Node& node, const Matches& matches) {
  if (matches(node)) {
    return true;
  }
  for (const Node& part : node.parts) {
    if (has_any(part, matches)) {
      return true;
    }
  }
  return false;
}

}  // namespace rq::reward::math
