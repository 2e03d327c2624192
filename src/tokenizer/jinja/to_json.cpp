// JSON as Python's json.dumps writes it.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "base/check.h"
#include "base/json.h"
#include "tokenizer/jinja/value.h"

namespace rq::tokenizer::jinja {
namespace {

class JsonWriter {
 public:
  JsonWriter(std::optional<std::int64_t> indent, bool sorted_keys)
      : indent_(indent), is_sorted_(sorted_keys) {}

  void write(const Value& value) {
    if (const auto* list = value.list()) {
      write_all('[', ']', list->size(), [&](std::size_t i) { write((*list)[i]); });
    } else if (const auto* mapping = value.mapping()) {
      auto items = mapping->items;
      if (is_sorted_) {
        std::ranges::stable_sort(items, {}, [](const auto& item) { return item.first; });
      }
      write_all('{', '}', items.size(), [&](std::size_t i) {
        out_ += Json(items[i].first).dump() + ": ";
        write(items[i].second);
      });
    } else {
      write_scalar(value);
    }
  }
  std::string take() { return std::move(out_); }

 private:
  void write_scalar(const Value& value) {
    if (const auto* text = value.text()) {
      out_ += Json(*text).dump(-1, ' ', false, Json::error_handler_t::replace);
    } else if (const auto* flag = value.flag()) {
      out_ += *flag ? "true" : "false";
    } else if (value.is_none()) {
      out_ += "null";
    } else {
      check(value.number().has_value(), "tojson cannot write {}", value.kind());
      out_ += value.str();
    }
  }

  template <typename Element>
  void write_all(char open, char close, std::size_t count, const Element& element) {
    out_ += open;
    ++depth_;
    for (std::size_t i = 0; i < count; ++i) {
      out_ += i == 0 ? "" : indent_ ? "," : ", ";
      new_line();
      element(i);
    }
    --depth_;
    if (count > 0) {
      new_line();
    }
    out_ += close;
  }
  void new_line() {
    if (indent_) {
      out_ += '\n';
      out_.append(static_cast<std::size_t>(*indent_ * depth_), ' ');
    }
  }

  std::optional<std::int64_t> indent_;
  bool is_sorted_;
  std::int64_t depth_ = 0;
  std::string out_;
};

}  // namespace

std::string to_json(const Value& value, std::optional<std::int64_t> indent, bool sorted_keys) {
  JsonWriter writer(indent, sorted_keys);
  writer.write(value);
  return writer.take();
}

}  // namespace rq::tokenizer::jinja
