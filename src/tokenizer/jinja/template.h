#pragma once
// Chat templates: the part of Jinja that those of DeepSeek, Llama, Qwen and ChatML use, rendered as
// transformers renders it (trim_blocks, lstrip_blocks, its `tojson`, raise_exception, loop
// controls, and `generation` blocks, whose content is text like any other).
//
//   const Template chat(read_file(folder / "chat_template.jinja"), "chat_template.jinja");
//   const std::string prompt = chat.render({{"messages", messages}, {"add_generation_prompt",
//   true}});
//
// Not there, and refused by name: include, extends, block, call, filter blocks, recursive loops.

#include <functional>
#include <string>
#include <string_view>

#include "base/json.h"

namespace rq::tokenizer::jinja {

class Environment;

class Template {
 public:
  // An Error with origin and line where the text is no template.
  Template(std::string_view text, std::string origin);

  // `variables` is an object. An Error with origin and line where the template raises one, or asks
  // something of a value that it cannot give.
  std::string render(const Json& variables) const;

 private:
  std::string origin_;
  std::function<void(Environment&, std::string&)> body_;
};

}  // namespace rq::tokenizer::jinja
