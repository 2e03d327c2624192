#pragma once
// The templates and expressions of a task, over the members of a row.

#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "tokenizer/jinja/template.h"

namespace rq::eval {

// Text with {{ ... }} in it. Unlike in a file of Jinja's, newlines at the end stay.
class TextTemplate {
 public:
  // An Error names `origin` where the text is no template.
  TextTemplate(std::string_view text, std::string_view origin);
  // `row` is an object, which the template also knows as `row`.
  std::string operator()(const Json& row) const;

 private:
  tokenizer::jinja::Template template_;
  std::string newlines_;  // at its end
};

// What may stand between {{ and }}, as the value that it has. Without text: null for every row.
class Expression {
 public:
  Expression(std::string_view text, std::string_view origin);
  bool empty() const { return !template_; }
  // An Error where a part of it has no value.
  Json operator()(const Json& row) const;
  // The same as text: a number as its digits.
  std::string text(const Json& row) const;

 private:
  std::string origin_;
  std::optional<tokenizer::jinja::Template> template_;
};

// As Python's bool(): whether a value is neither null, false, 0, nor empty.
bool is_true(const Json& value);

}  // namespace rq::eval
