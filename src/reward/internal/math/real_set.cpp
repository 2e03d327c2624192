#include "reward/internal/math/real_set.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

#include "reward/internal/math/evaluate.h"

namespace rq::reward::math {
namespace {

constexpr std::size_t kMostParts = 100;  // of a union: the time grows with their square

bool is_less(const Number& a, const Number& b) {
  if (a.exact && b.exact) {
    return *a.exact < *b.exact;
  }
  return !are_close(a, b, Closeness::kExact) && a.approximate.real() < b.approximate.real();
}

// The value of an expression without variables, where it is real.
Value real_constant(const Node& node, Work& work) {
  if (!variables_of(node).empty()) {
    return std::nullopt;
  }
  Value value = evaluate(node, 0, work).value;
  return value && value->is_real() ? value : std::nullopt;
}

RealSet up_to(const Number& edge, bool includes) {
  if (edge.is_infinite()) {
    return edge.approximate.real() > 0 ? RealSet::line() : RealSet::empty();
  }
  const RealSet below = RealSet::below(edge);
  return includes ? below.united(RealSet::only(edge)) : below;
}

std::optional<RealSet> interval(const Node& node, Work& work) {
  if (node.parts.size() != 2) {
    return std::nullopt;
  }
  const Value low = real_constant(node.parts[0], work), high = real_constant(node.parts[1], work);
  if (!low || !high || !is_less(*low, *high)) {
    return std::nullopt;
  }
  return up_to(*high, node.text[1] == ']').without(up_to(*low, node.text[0] == '('));
}

std::optional<RealSet> finite(const Node& node, Work& work) {
  if (node.parts.size() > kMostParts) {
    return std::nullopt;
  }
  RealSet all = RealSet::empty();
  for (const Node& part : node.parts) {
    const Value value = real_constant(part, work);
    if (!value || value->is_infinite()) {
      return std::nullopt;
    }
    all = all.united(RealSet::only(*value));
  }
  return all;
}

// What solves `variable relation edge`.
std::optional<RealSet> half_line(char relation, const Number& edge) {
  switch (relation) {
    case '<':
    case 'l':
      return up_to(edge, relation == 'l');
    case '>':
    case 'g':
      return RealSet::line().without(up_to(edge, relation == '>'));
    case '!':
      return RealSet::line().without(RealSet::only(edge));
    default:
      return std::nullopt;
  }
}

bool is_variable(const Node& node) {
  return node.kind == Kind::kName && !variables_of(node).empty();
}

// "1 < x <= 3": each link must be of the variable and a number.
std::optional<Solutions> inequality(const Node& node, Work& work) {
  Solutions result{RealSet::line(), ""};
  for (std::size_t i = 0; i < node.text.size(); ++i) {
    const bool is_left = is_variable(node.parts[i]);
    const Node& variable = node.parts[is_left ? i : i + 1];
    const Value edge = real_constant(node.parts[is_left ? i + 1 : i], work);
    const bool is_same = result.variable.empty() || result.variable == variable.text;
    if (!is_variable(variable) || !edge || !is_same) {
      return std::nullopt;
    }
    const auto half = half_line(is_left ? node.text[i] : mirrored(node.text[i]), *edge);
    if (!half) {
      return std::nullopt;
    }
    result = {result.set.intersected(*half), variable.text};
  }
  return result;
}

std::optional<RealSet> named(std::string_view name) {
  if (name == "emptyset") {
    return RealSet::empty();
  }
  return name == "set R" ? std::optional(RealSet::line()) : std::nullopt;
}

std::optional<Solutions> of_no_variable(const std::optional<RealSet>& set) {
  return set ? std::optional(Solutions{*set, ""}) : std::nullopt;
}

// "x \in [0, 1]".
std::optional<Solutions> membership(const Node& node, Work& work) {
  const auto set = is_variable(node.parts[0]) ? read_solutions(node.parts[1], work) : std::nullopt;
  return set ? std::optional(Solutions{set->set, node.parts[0].text}) : std::nullopt;
}

std::optional<Solutions> any_of(const Node& node, Work& work) {
  if (node.parts.size() > kMostParts) {
    return std::nullopt;
  }
  Solutions all{RealSet::empty(), ""};
  for (const Node& part : node.parts) {
    const auto some = read_solutions(part, work);
    if (!some || (!all.variable.empty() && some->variable != all.variable)) {
      return std::nullopt;
    }
    all = {all.set.united(some->set), some->variable};
  }
  return all;
}

std::optional<Solutions> joined_sets(const Node& node, Work& work) {
  const auto a = read_solutions(node.parts[0], work), b = read_solutions(node.parts[1], work);
  if (!a || !b) {
    return std::nullopt;
  }
  if (node.text == "union") {
    return Solutions{a->set.united(b->set), ""};
  }
  return Solutions{node.text == "minus" ? a->set.without(b->set) : a->set.intersected(b->set), ""};
}

}  // namespace

RealSet RealSet::below(const Number& edge) {
  RealSet set(true);
  set.edges_.push_back({edge, false, false});
  return set;
}

RealSet RealSet::only(const Number& edge) {
  RealSet set;
  set.edges_.push_back({edge, true, false});
  return set;
}

RealSet RealSet::joined(const RealSet& other, const std::function<bool(bool, bool)>& keeps) const {
  RealSet result(keeps(has_below_, other.has_below_));
  bool has = has_below_, other_has = other.has_below_;
  auto mine = edges_.begin();
  auto theirs = other.edges_.begin();
  while (mine != edges_.end() || theirs != other.edges_.end()) {
    const bool is_mine =
        theirs == other.edges_.end() || (mine != edges_.end() && !is_less(theirs->at, mine->at));
    const bool is_theirs =
        mine == edges_.end() || (theirs != other.edges_.end() && !is_less(mine->at, theirs->at));
    const Number& at = is_mine ? mine->at : theirs->at;
    const bool has_edge =
        keeps(is_mine ? mine->has_edge : has, is_theirs ? theirs->has_edge : other_has);
    if (is_mine) {
      has = mine++->has_above;
    }
    if (is_theirs) {
      other_has = theirs++->has_above;
    }
    result.edges_.push_back({at, has_edge, keeps(has, other_has)});
  }
  result.drop_edges_without_change();
  return result;
}

RealSet RealSet::united(const RealSet& other) const {
  return joined(other, [](bool a, bool b) { return a || b; });
}
RealSet RealSet::intersected(const RealSet& other) const {
  return joined(other, [](bool a, bool b) { return a && b; });
}
RealSet RealSet::without(const RealSet& other) const {
  return joined(other, [](bool a, bool b) { return a && !b; });
}

void RealSet::drop_edges_without_change() {
  bool below = has_below_;
  std::erase_if(edges_, [&below](const Edge& edge) {
    const bool is_idle = edge.has_edge == below && edge.has_above == below;
    below = edge.has_above;
    return is_idle;
  });
}

bool are_same(const RealSet& a, const RealSet& b, Closeness closeness) {
  return a.has_below_ == b.has_below_ &&
         std::equal(a.edges_.begin(),
                    a.edges_.end(),
                    b.edges_.begin(),
                    b.edges_.end(),
                    [closeness](const RealSet::Edge& mine, const RealSet::Edge& theirs) {
                      return mine.has_edge == theirs.has_edge &&
                             mine.has_above == theirs.has_above &&
                             are_close(mine.at, theirs.at, closeness);
                    });
}

std::optional<Solutions> read_solutions(const Node& node, Work& work) {
  switch (node.kind) {
    case Kind::kBracketed:
      return of_no_variable(node.text == "{}" ? finite(node, work) : interval(node, work));
    case Kind::kName:
      return of_no_variable(named(node.text));
    case Kind::kRelation:
      return node.text == "e" ? membership(node, work) : inequality(node, work);
    case Kind::kSets:
      return joined_sets(node, work);
    case Kind::kList:
      return node.text == "or" ? any_of(node, work) : std::nullopt;
    default:
      return std::nullopt;
  }
}

}  // namespace rq::reward::math
