// What templates give is compared with transformers in tests/parity/chat_template_parity.py; here
// is what a reader of the code would doubt first, and how errors read.

#include "tokenizer/jinja/template.h"

#include <string>

#include <gtest/gtest.h>

#include "base/check.h"
#include "tokenizer/folder.h"

namespace rq::tokenizer::jinja {
namespace {

std::string rendered(const std::string& text, const Json& variables = Json::object()) {
  try {
    return Template(text, "chat.jinja").render(variables);
  } catch (const Error& error) {
    return error.what();
  }
}

TEST(ChatTemplate, OurOwnPutsSystemPromptsFirstAndEndsAnAssistantsTurns) {
  const auto message = [](const char* role, const char* content) {
    return Json{{"role", role}, {"content", content}};
  };
  const std::string text(chat_template());
  Json asked = {{"bos_token", "<b>"},
                {"eos_token", "<e>"},
                {"add_generation_prompt", true},
                {"messages",
                 {message("user", "one"),
                  message("system", "s"),
                  message("assistant", "two"),
                  message("user", "three")}}};
  EXPECT_EQ(rendered(text, asked),
            "<b>s<｜User｜>one<｜Assistant｜>two<e><｜User｜>three<｜Assistant｜>");
  asked["messages"] = {message("judge", "x")};
  EXPECT_NE(rendered(text, asked).find("no such role as judge"), std::string::npos);
}

TEST(ChatTemplate, BlocksLeaveNoLineOfTheirOwn) {
  EXPECT_EQ(rendered("a\n  {% if true %}\nb\n  {% endif %}\nc\n"), "a\nb\nc");
  EXPECT_EQ(rendered("a {{- ' b ' -}} c"), "a b c");
}

TEST(ChatTemplate, ALoopsNamesEndWithItAndANamespaceLasts) {
  EXPECT_EQ(rendered("{% set n = 1 %}{% for i in [2, 3] %}{% set n = i %}{% endfor %}{{ n }}"),
            "1");
  EXPECT_EQ(rendered("{% set s = namespace(n=1) %}{% for i in [2, 3] %}{% set s.n = i %}{% endfor "
                     "%}{{ s.n }}"),
            "3");
}

TEST(ChatTemplate, JsonIsWrittenAsPythonWritesIt) {
  EXPECT_EQ(rendered("{{ x | tojson }}", {{"x", {{"b", {1, 2.0}}, {"a", "\"é<"}}}}),
            R"({"b": [1, 2.0], "a": "\"é<"})");
}

TEST(ChatTemplate, CharactersAreCodePoints) {
  EXPECT_EQ(rendered("{{ x | length }}{{ x[1] }}{{ x[::-1] }}", {{"x", "中é"}}), "2éé中");
}

TEST(ChatTemplate, AnErrorNamesTheTemplateAndItsLine) {
  EXPECT_EQ(rendered("\n{{ 1 + }}"), "chat.jinja, line 2: \"}}\" begins no expression");
  EXPECT_EQ(rendered("a\nb {% if x %}"), "chat.jinja, line 2: \"endif\" is missing");
  EXPECT_EQ(rendered("\n\n{{ x.y }}"), "chat.jinja, line 3: x, which is undefined: it has no y");
  EXPECT_EQ(rendered("{{ raise_exception('roles must alternate') }}"),
            "chat.jinja, line 1: roles must alternate");
  EXPECT_EQ(rendered("{% include 'a' %}"),
            "chat.jinja, line 1: the statement \"include\" is not known here");
}

TEST(ChatTemplate, AHostileTemplateEndsInAnError) {
  const std::string deep(300, '(');
  EXPECT_NE(rendered("{{ " + deep + " }}").find("nested too deep"), std::string::npos);
  EXPECT_NE(rendered("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}").find("200 deep"),
            std::string::npos);
  EXPECT_NE(rendered("{{ range(10**9) | list }}").find("more than 100000"), std::string::npos);
  EXPECT_NE(rendered("{{ 'a' * 10**9 }}").find("more than 1000000"), std::string::npos);
}

TEST(ChatTemplate, ATemplateMayBeRenderedManyTimes) {
  const Template chat("{% set x = x + 1 %}{{ x }}", "chat.jinja");
  EXPECT_EQ(chat.render({{"x", 1}}), "2");
  EXPECT_EQ(chat.render({{"x", 5}}), "6");
}

}  // namespace
}  // namespace rq::tokenizer::jinja
