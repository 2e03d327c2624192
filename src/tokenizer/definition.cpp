#include "tokenizer/definition.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/json.h"
#include "tokenizer/internal/definition_reader.h"

namespace rq::tokenizer {
namespace {

constexpr std::int64_t kLargestId = std::numeric_limits<std::int32_t>::max() - 1;

using Indices = std::unordered_map<std::string_view, std::uint32_t>;  // of tokens in the vocabulary

void read_vocabulary(RawDefinition& raw, Definition& definition, std::string_view origin) {
  definition.vocabulary.reserve(raw.vocabulary.size());
  for (auto& [token, id] : raw.vocabulary) {
    check(id >= 0 && id <= kLargestId, "{}: model.vocab: \"{}\" has the id {}", origin, token, id);
    definition.vocabulary.emplace_back(std::move(token), static_cast<std::int32_t>(id));
  }
  std::ranges::stable_sort(
      definition.vocabulary, {}, &std::pair<std::string, std::int32_t>::second);
  const auto twice = std::ranges::adjacent_find(
      definition.vocabulary, {}, &std::pair<std::string, std::int32_t>::second);
  if (twice != definition.vocabulary.end()) {
    fail("{}: model.vocab: \"{}\" and \"{}\" have the same id {}",
         origin,
         twice->first,
         (twice + 1)->first,
         twice->second);
  }
}

Indices index(const Definition& definition, std::string_view origin) {
  Indices indices;
  indices.reserve(definition.vocabulary.size());
  for (std::uint32_t i = 0; i < definition.vocabulary.size(); ++i) {
    const auto& token = definition.vocabulary[i].first;
    check(indices.emplace(token, i).second, "{}: model.vocab has \"{}\" twice", origin, token);
  }
  return indices;
}

void read_merges(const RawDefinition& raw,
                 const Indices& indices,
                 Definition& definition,
                 std::string_view origin) {
  const auto find = [&](const std::string& token, std::size_t number) {
    const auto found = indices.find(token);
    check(found != indices.end(),
          "{}: model.merges: merge {} (\"{}\" + \"{}\") needs the token \"{}\", which is not in "
          "the vocabulary",
          origin,
          number + 1,
          raw.merges[number].first,
          raw.merges[number].second,
          token);
    return found->second;
  };
  definition.merges.reserve(raw.merges.size());
  for (std::size_t i = 0; i < raw.merges.size(); ++i) {
    const auto& [left, right] = raw.merges[i];
    definition.merges.push_back({find(left, i), find(right, i), find(left + right, i)});
  }
}

void read_added_tokens(const Json& document,
                       const Indices& indices,
                       Definition& definition,
                       std::string_view origin) {
  const auto list = document.find("added_tokens");
  if (list == document.end() || list->is_null()) {
    return;
  }
  check(list->is_array(), "{}: added_tokens is not a list", origin);
  for (const Json& entry : *list) {
    check(entry.is_object(), "{}: added_tokens holds {}", origin, entry.dump());
    AddedToken token;
    const auto id = json_value<std::int64_t>(entry, "id", -1, origin);
    token.content = json_value<std::string>(entry, "content", "", origin);
    check(id >= 0 && id <= kLargestId && !token.content.empty(),
          "{}: added_tokens: {} needs an id and a content",
          origin,
          entry.dump());
    token.id = static_cast<std::int32_t>(id);
    token.single_word = json_value<bool>(entry, "single_word", false, origin);
    token.lstrip = json_value<bool>(entry, "lstrip", false, origin);
    token.rstrip = json_value<bool>(entry, "rstrip", false, origin);
    token.is_special = json_value<bool>(entry, "special", false, origin);
    token.normalized = json_value<bool>(entry, "normalized", !token.is_special, origin);
    if (const auto known = indices.find(token.content); known != indices.end()) {
      const auto id_in_vocabulary = definition.vocabulary[known->second].second;
      check(id_in_vocabulary == token.id,
            "{}: added_tokens: \"{}\" has the id {}, but {} in model.vocab",
            origin,
            token.content,
            token.id,
            id_in_vocabulary);
    }
    definition.added_tokens.push_back(std::move(token));
  }
}

// What a BPE may ask for that has no place in byte-level BPE.
void refuse_other_models(const Json& model, std::string_view origin) {
  const auto type = json_value<std::string>(model, "type", "BPE", origin);
  check(type == "BPE", "{}: model.type is \"{}\"; only byte-level BPE is supported", origin, type);
  check(!json_value<bool>(model, "byte_fallback", false, origin),
        "{}: model.byte_fallback is true, so this is a SentencePiece BPE; only byte-level BPE is "
        "supported",
        origin);
  for (const char* affix : {"continuing_subword_prefix", "end_of_word_suffix"}) {
    const auto text = json_value<std::string>(model, affix, "", origin);
    check(text.empty(),
          "{}: model.{} is \"{}\"; only byte-level BPE without affixes is supported",
          origin,
          affix,
          text);
  }
  const auto dropout = json_value<double>(model, "dropout", 0.0, origin);
  check(dropout == 0.0,
        "{}: model.dropout is {}; tokenizing at random is not supported",
        origin,
        dropout);
}

Json member(const Json& document, const char* key) {
  const auto found = document.find(key);
  return found == document.end() ? Json() : *found;
}

// One value a line, indented; for the two members that are long.
template <typename Items, typename Spell>
void append_lines(std::string& out, const Items& items, Spell&& spell) {
  const char* separator = "\n";
  for (const auto& item : items) {
    out += separator;
    out += "      ";
    spell(item);
    separator = ",\n";
  }
  out += items.empty() ? "" : "\n    ";
}

void append_quoted(std::string& out, const std::string& text) {
  out += Json(text).dump();
}

Json spell_added_token(const AddedToken& token) {
  return {{"id", token.id},
          {"content", token.content},
          {"single_word", token.single_word},
          {"lstrip", token.lstrip},
          {"rstrip", token.rstrip},
          {"normalized", token.normalized},
          {"special", token.is_special}};
}

std::string spell_model(const Definition& definition) {
  std::string out = "{\n    \"type\": \"BPE\",\n    \"dropout\": null,\n    \"unk_token\": ";
  out += definition.unk_token.empty() ? "null" : Json(definition.unk_token).dump();
  out += ",\n    \"continuing_subword_prefix\": null,\n    \"end_of_word_suffix\": null";
  out += fmt::format(
      ",\n    \"fuse_unk\": {},\n    \"byte_fallback\": false,\n    \"ignore_merges\": {}",
      definition.fuse_unk,
      definition.ignore_merges);
  out += ",\n    \"vocab\": {";
  append_lines(out, definition.vocabulary, [&](const auto& entry) {
    append_quoted(out, entry.first);
    out += fmt::format(": {}", entry.second);
  });
  out += "},\n    \"merges\": [";
  append_lines(out, definition.merges, [&](const Definition::Merge& merge) {
    out += '[';
    append_quoted(out, definition.vocabulary[merge.left].first);
    out += ", ";
    append_quoted(out, definition.vocabulary[merge.right].first);
    out += ']';
  });
  return out + "]\n  }";
}

// A value pretty-printed as a member of the outermost object.
std::string spell_member(const Json& value) {
  std::string text;
  for (const char c : value.dump(2)) {
    text += c;
    if (c == '\n') {
      text += "  ";
    }
  }
  return text;
}

}  // namespace

Definition parse_definition(std::string_view text, std::string_view origin) {
  RawDefinition raw = read_raw_definition(text, origin);
  const Json& document = raw.document;
  check(document.is_object() && document.contains("model") && document["model"].is_object(),
        "{} is not a tokenizer.json: it has no \"model\"",
        origin);
  const Json& model = document["model"];
  refuse_other_models(model, origin);
  check(raw.has_vocabulary && raw.has_merges,
        "{}: model has no {}",
        origin,
        raw.has_vocabulary ? "merges" : "vocab");

  Definition definition;
  read_vocabulary(raw, definition, origin);
  const Indices indices = index(definition, origin);
  read_merges(raw, indices, definition, origin);
  read_added_tokens(document, indices, definition, origin);
  definition.ignore_merges = json_value<bool>(model, "ignore_merges", false, origin);
  definition.fuse_unk = json_value<bool>(model, "fuse_unk", false, origin);
  definition.unk_token = json_value<std::string>(model, "unk_token", "", origin);
  definition.truncation = member(document, "truncation");
  definition.padding = member(document, "padding");
  definition.normalizer = member(document, "normalizer");
  definition.pre_tokenizer = member(document, "pre_tokenizer");
  definition.post_processor = member(document, "post_processor");
  definition.decoder = member(document, "decoder");
  return definition;
}

std::string to_json(const Definition& definition) {
  Json added = Json::array();
  for (const AddedToken& token : definition.added_tokens) {
    added.push_back(spell_added_token(token));
  }
  std::string out = "{\n  \"version\": \"1.0\"";
  const auto put = [&](const char* key, const Json& value) {
    out += fmt::format(",\n  \"{}\": {}", key, spell_member(value));
  };
  put("truncation", definition.truncation);
  put("padding", definition.padding);
  put("added_tokens", added);
  put("normalizer", definition.normalizer);
  put("pre_tokenizer", definition.pre_tokenizer);
  put("post_processor", definition.post_processor);
  put("decoder", definition.decoder);
  out += ",\n  \"model\": " + spell_model(definition) + "\n}\n";
  return out;
}

}  // namespace rq::tokenizer
