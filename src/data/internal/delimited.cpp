#include "data/internal/delimited.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"

namespace rq::data {
namespace {

class Delimited {
 public:
  Delimited(std::string_view text, char delimiter, std::string_view origin)
      : text_(text), delimiter_(delimiter), origin_(origin) {}

  std::vector<DelimitedRow> read() {
    std::vector<DelimitedRow> rows;
    while (at_ < text_.size()) {
      DelimitedRow row{.fields = {}, .line = line_};
      do {
        row.fields.push_back(field());
      } while (takes(delimiter_));
      takes('\r');
      line_ += takes('\n') ? 1 : 0;
      if (row.fields.size() > 1 || !row.fields.front().empty()) {
        rows.push_back(std::move(row));
      }
    }
    return rows;
  }

 private:
  bool takes(char wanted) {
    if (at_ < text_.size() && text_[at_] == wanted) {
      ++at_;
      return true;
    }
    return false;
  }

  std::string field() {
    std::string value;
    if (delimiter_ == ',' && takes('"')) {
      value = quoted();
    }
    // What stands behind a closing quote belongs to the field, as Python's reader has it.
    const char ends[] = {delimiter_, '\n'};
    const std::size_t end =
        std::min(text_.find_first_of(std::string_view(ends, 2), at_), text_.size());
    std::string_view rest = text_.substr(at_, end - at_);
    if (rest.ends_with('\r')) {
      rest.remove_suffix(1);
    }
    at_ += rest.size();
    return value.append(rest);
  }

  std::string quoted() {
    const std::int64_t begun = line_;
    std::string value;
    while (true) {
      const std::size_t quote = text_.find('"', at_);
      check(quote != std::string_view::npos,
            "{}:{}: a quote begins here and does not end",
            origin_,
            begun);
      const std::string_view part = text_.substr(at_, quote - at_);
      value.append(part);
      line_ += std::ranges::count(part, '\n');
      at_ = quote + 1;
      if (!takes('"')) {
        return value;
      }
      value += '"';
    }
  }

  std::string_view text_;
  char delimiter_;
  std::string_view origin_;
  std::size_t at_ = 0;
  std::int64_t line_ = 1;
};

}  // namespace

std::vector<DelimitedRow> read_delimited(std::string_view text,
                                         char delimiter,
                                         std::string_view origin) {
  return Delimited(text, delimiter, origin).read();
}

}  // namespace rq::data
