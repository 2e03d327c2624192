#include "eval/tables/subject.h"

#include <string>
#include <string_view>

#include "base/check.h"

namespace rq::eval {

Json Request::as_json() const {
  switch (asked) {
    case Asked::kLikelihood:
      return {{"context", context}, {"continuation", continuation}};
    case Asked::kPassage:
      return {{"passage", continuation}};
    default:
      break;
  }
  Json json = asked == Asked::kChat ? Json{{"messages", messages}} : Json{{"prompt", context}};
  json.update({{"temperature", temperature},
               {"top_p", top_p},
               {"max_tokens", max_tokens},
               {"stop", stop},
               {"seed", seed},
               {"sample", sample}});
  return json;
}

Json Reply::as_json() const {
  Json json = Json::object();
  if (!failure.empty()) {
    json["failure"] = failure;
    return json;
  }
  if (!text.empty()) {
    json["text"] = text;
  }
  json["tokens"] = tokens;
  if (logprob != 0 || is_greedy) {
    json["logprob"] = logprob;
    json["greedy"] = is_greedy;
  }
  if (is_cut) {
    json["cut"] = true;
  }
  if (is_shortened) {
    json["shortened"] = true;
  }
  return json;
}

Reply Reply::from(const Json& json, std::string_view origin) {
  check(json.is_object(), "{}: a reply is {}, not an object", origin, json.type_name());
  return {.text = json_value<std::string>(json, "text", "", origin),
          .tokens = json_value<std::int64_t>(json, "tokens", 0, origin),
          .logprob = json_value<double>(json, "logprob", 0, origin),
          .is_greedy = json_value<bool>(json, "greedy", false, origin),
          .is_cut = json_value<bool>(json, "cut", false, origin),
          .is_shortened = json_value<bool>(json, "shortened", false, origin),
          .failure = json_value<std::string>(json, "failure", "", origin)};
}

}  // namespace rq::eval
