#include "eval/tables/expression.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "base/check.h"

namespace rq::eval {
namespace {

std::size_t end_without_newlines(std::string_view text) {
  const std::size_t last = text.find_last_not_of('\n');
  return last == std::string_view::npos ? 0 : last + 1;
}

Json variables_of(const Json& row) {
  Json variables = row;
  if (!row.contains("row")) {
    variables["row"] = row;
  }
  return variables;
}

}  // namespace

TextTemplate::TextTemplate(std::string_view text, std::string_view origin)
    : template_(text.substr(0, end_without_newlines(text)), std::string(origin)),
      newlines_(text.substr(end_without_newlines(text))) {}

std::string TextTemplate::operator()(const Json& row) const {
  return template_.render(variables_of(row)) + newlines_;
}

Expression::Expression(std::string_view text, std::string_view origin) : origin_(origin) {
  if (!text.empty()) {
    template_.emplace(fmt::format("{{{{ ({}) | tojson }}}}", text), origin_);
  }
}

Json Expression::operator()(const Json& row) const {
  if (!template_) {
    return nullptr;
  }
  return parse_json(template_->render(variables_of(row)), origin_);
}

std::string Expression::text(const Json& row) const {
  const Json value = (*this)(row);
  return value.is_string() ? value.get<std::string>() : value.is_null() ? "" : value.dump();
}

bool is_true(const Json& value) {
  if (value.is_boolean()) {
    return value.get<bool>();
  }
  if (value.is_number()) {
    return value.get<double>() != 0;
  }
  return !value.is_null() && !value.empty() &&
         !(value.is_string() && value.get_ref<const std::string&>().empty());
}

}  // namespace rq::eval
