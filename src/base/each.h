#pragma once
// each() is written once and non-const; who only looks at the fields goes through visit_fields(),
// which hands out const references.
//
//   visit_fields(config, [](std::string_view name, const auto& field) { ... });

#include <string_view>
#include <type_traits>
#include <utility>

namespace rq {

namespace internal {
struct AnyVisitor {
  template <typename Field>
  void operator()(std::string_view, Field&) const {}
};
}  // namespace internal

// Has `template <typename Visit> void each(Visit&& visit)` that calls visit(name, field) for every
// part.
template <typename T>
concept HasFields = requires(T& value, internal::AnyVisitor visit) { value.each(visit); };

template <typename T, typename Visit>
  requires HasFields<T>
void visit_fields(const T& value, Visit&& visit) {
  // Sound: the visitor below gives no field away but as const.
  const_cast<T&>(value).each(
      [&](std::string_view name, const auto& field) { visit(name, std::as_const(field)); });
}

}  // namespace rq
