#include "tokenizer/internal/definition_reader.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/json.h"

namespace rq::tokenizer {
namespace {

// Takes the parser's events: builds the document, but for what stands in model.vocab and
// model.merges.
class Reader : public nlohmann::json_sax<Json> {
 public:
  Reader(RawDefinition& result, std::string_view origin) : result_(result), origin_(origin) {}

  bool null() override { return value(Json()); }
  bool boolean(bool v) override { return value(Json(v)); }
  bool number_integer(number_integer_t v) override { return number(v); }
  bool number_unsigned(number_unsigned_t v) override {
    return number(static_cast<std::int64_t>(v));
  }
  bool number_float(number_float_t v, const string_t&) override { return value(Json(v)); }
  bool binary(binary_t&) override { return false; }

  bool string(string_t& v) override {
    if (part_ == Part::kMerges) {
      return merge_text(v);
    }
    return value(Json(std::move(v)));
  }

  bool start_object(std::size_t) override {
    check(part_ != Part::kVocabulary || depth_ == 0,
          "{}: model.vocab: \"{}\" is not a number",
          origin_,
          key_);
    check(part_ != Part::kMerges, "{}: model.merges has an object among its pairs", origin_);
    if (part_ == Part::kVocabulary) {
      ++depth_;
      return true;
    }
    return open(Json::object());
  }
  bool end_object() override { return close(); }

  bool start_array(std::size_t) override {
    if (part_ == Part::kVocabulary) {
      fail("{}: model.type is \"{}\" and its vocabulary a list; only byte-level BPE is supported",
           origin_,
           json_value<std::string>(*open_.back(), "type", "", origin_));
    }
    if (part_ == Part::kMerges) {
      check(depth_ < 2, "{}: model.merges has a list within a pair", origin_);
      ++depth_;
      pair_.clear();
      return true;
    }
    return open(Json::array());
  }
  bool end_array() override {
    if (part_ == Part::kMerges && depth_ == 2) {
      check(pair_.size() == 2,
            "{}: model.merges: pair {} has {} parts",
            origin_,
            result_.merges.size() + 1,
            pair_.size());
      result_.merges.emplace_back(std::move(pair_[0]), std::move(pair_[1]));
      --depth_;
      return true;
    }
    return close();
  }

  bool key(string_t& v) override {
    key_ = std::move(v);
    if (part_ == Part::kDocument && open_.size() == 2 && path_ == "model") {
      if (key_ == "vocab") {
        part_ = Part::kVocabulary;
        result_.has_vocabulary = true;
      } else if (key_ == "merges") {
        part_ = Part::kMerges;
        result_.has_merges = true;
      }
    } else if (open_.size() == 1) {
      path_ = key_;
    }
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const Json::exception&) override {
    fail("{} is not whole JSON: it goes wrong at byte {}", origin_, position);
  }

 private:
  enum class Part : std::uint8_t { kDocument, kVocabulary, kMerges };

  bool number(std::int64_t v) {
    if (part_ == Part::kVocabulary && depth_ > 0) {
      result_.vocabulary.emplace_back(std::move(key_), v);
      return true;
    }
    return value(Json(v));
  }

  bool merge_text(std::string& text) {
    if (depth_ == 2) {
      pair_.push_back(std::move(text));
      return true;
    }
    const std::size_t space = text.find(' ');
    check(
        depth_ == 1 && space != std::string::npos && text.find(' ', space + 1) == std::string::npos,
        "{}: model.merges: \"{}\" is not two tokens with a space between",
        origin_,
        text);
    result_.merges.emplace_back(text.substr(0, space), text.substr(space + 1));
    return true;
  }

  bool value(Json v) {
    check(part_ != Part::kVocabulary,
          "{}: model.vocab: \"{}\" is {}, not a number",
          origin_,
          key_,
          v.dump());
    check(part_ != Part::kMerges,
          "{}: model.merges holds {}, which is no pair of tokens",
          origin_,
          v.dump());
    place(std::move(v));
    return true;
  }

  // Puts a value where the open array or object expects it.
  Json& place(Json v) {
    if (open_.empty()) {
      return result_.document = std::move(v);
    }
    Json& parent = *open_.back();
    if (parent.is_array()) {
      parent.push_back(std::move(v));
      return parent.back();
    }
    return parent[key_] = std::move(v);
  }

  bool open(Json v) {
    open_.push_back(&place(std::move(v)));
    return true;
  }

  bool close() {
    if (part_ == Part::kDocument) {
      open_.pop_back();
    } else if (--depth_ == 0) {
      part_ = Part::kDocument;
    }
    return true;
  }

  RawDefinition& result_;
  std::string_view origin_;
  std::vector<Json*> open_;  // the arrays and objects around the current place
  std::string key_, path_;   // the last key, and the last key of the outermost object
  Part part_ = Part::kDocument;
  int depth_ = 0;  // within model.vocab or model.merges
  std::vector<std::string> pair_;
};

}  // namespace

RawDefinition read_raw_definition(std::string_view text, std::string_view origin) {
  RawDefinition result;
  Reader reader(result, origin);
  Json::sax_parse(text, &reader);
  return result;
}

}  // namespace rq::tokenizer
