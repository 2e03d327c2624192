// What chat_template_parity.py needs: templates rendered. For tests only.
//
// Lines {"template": "...", "variables": {...}} in; a line {"text": "..."} or {"error": "..."} out
// for each.

#include <iostream>
#include <string>

#include "base/check.h"
#include "base/json.h"
#include "tokenizer/jinja/template.h"

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    rq::Json answer;
    try {
      const rq::Json asked = rq::parse_json(line, "the line");
      const rq::tokenizer::jinja::Template chat(asked["template"].get<std::string>(), "template");
      answer["text"] = chat.render(asked["variables"]);
    } catch (const rq::Error& error) {
      answer["error"] = error.what();
    }
    std::cout << answer.dump() << '\n';
  }
}
