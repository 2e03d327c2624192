#pragma once
// Sets of real numbers that have finitely many edges: intervals, their unions and differences, and
// the solutions of inequalities.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "reward/internal/math/number.h"
#include "reward/internal/math/tree.h"

namespace rq::reward::math {

class RealSet {
 public:
  static RealSet empty() { return RealSet(); }
  static RealSet line() { return RealSet(true); }
  // What is less than `edge`, or the edge itself.
  static RealSet below(const Number& edge);
  static RealSet only(const Number& edge);

  RealSet joined(const RealSet& other, const std::function<bool(bool, bool)>& keeps) const;
  RealSet united(const RealSet& other) const;
  RealSet intersected(const RealSet& other) const;
  RealSet without(const RealSet& other) const;

  friend bool are_same(const RealSet& a, const RealSet& b, Closeness closeness);

 private:
  struct Edge {
    Number at;
    bool has_edge;   // whether the set holds it,
    bool has_above;  // and what lies between it and the next
  };
  explicit RealSet(bool is_line = false) : has_below_(is_line) {}
  void drop_edges_without_change();

  bool has_below_;  // whether it holds what is less than every edge
  std::vector<Edge> edges_;
};

// A set and the variable that it is the solutions for, where it was given by inequalities.
struct Solutions {
  RealSet set;
  std::string variable;
};
// Of an interval, a finite set of numbers, R, sets joined by union and its like, inequalities in
// one variable, and such joined by "or". Nothing for another structure.
std::optional<Solutions> read_solutions(const Node& node, Work& work);

}  // namespace rq::reward::math
