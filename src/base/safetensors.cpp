#include "base/safetensors.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/check.h"

namespace rq {
namespace {

namespace fs = std::filesystem;
// Not rq::Json: a header may hold a million names, and a map that keeps their order looks each up
// by walking.
using Header = nlohmann::json;

static_assert(std::endian::native == std::endian::little, "tensors are little-endian on disk");

constexpr std::size_t kLengthBytes = 8;
constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;  // the format's own limit

struct DtypeRow {
  Dtype dtype;
  std::string_view name;
  std::size_t bytes;
};
constexpr std::array<DtypeRow, 12> kDtypes{{{Dtype::kF64, "F64", 8},
                                            {Dtype::kF32, "F32", 4},
                                            {Dtype::kF16, "F16", 2},
                                            {Dtype::kBf16, "BF16", 2},
                                            {Dtype::kF8E4M3, "F8_E4M3", 1},
                                            {Dtype::kF8E5M2, "F8_E5M2", 1},
                                            {Dtype::kI64, "I64", 8},
                                            {Dtype::kI32, "I32", 4},
                                            {Dtype::kI16, "I16", 2},
                                            {Dtype::kI8, "I8", 1},
                                            {Dtype::kU8, "U8", 1},
                                            {Dtype::kBool, "BOOL", 1}}};

std::optional<Dtype> dtype_named(std::string_view name) {
  for (const DtypeRow& row : kDtypes) {
    if (row.name == name) {
      return row.dtype;
    }
  }
  return std::nullopt;
}

// JSON text for an error message: escaped, and cut where a hostile file would flood the terminal.
std::string shown(const Header& value) {
  constexpr std::size_t kMost = 200;
  std::string text = value.dump(-1, ' ', true, Header::error_handler_t::replace);
  return text.size() <= kMost ? text : text.substr(0, kMost) + "…";
}

// Header text of a mapped file, once its length is known to be honest.
std::string_view header_text(std::string_view bytes, const fs::path& path) {
  check(bytes.size() >= kLengthBytes,
        "{}: not safetensors: {} bytes, and the header's length alone takes 8",
        path.string(),
        bytes.size());
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), kLengthBytes);
  check(length <= kMaxHeaderBytes,
        "{}: not safetensors: its header would be {} bytes long, the limit is {}",
        path.string(),
        length,
        kMaxHeaderBytes);
  check(length <= bytes.size() - kLengthBytes,
        "{}: its header of {} bytes ends past the end of the file ({} bytes): truncated?",
        path.string(),
        length,
        bytes.size());
  return bytes.substr(kLengthBytes, length);
}

// Builds the header and sees names given twice, which the last would win. The parser's own
// callbacks take quadratic time.
class HeaderBuilder : public nlohmann::detail::json_sax_dom_parser<Header> {
 public:
  HeaderBuilder(Header& header, const fs::path& path)
      : json_sax_dom_parser(header, /*allow_exceptions_=*/true), path_(path) {}

  bool start_object(std::size_t size) {
    ++depth_;
    return json_sax_dom_parser::start_object(size);
  }
  bool end_object() {
    --depth_;
    return json_sax_dom_parser::end_object();
  }
  bool key(std::string& name) {
    check(depth_ > 1 || names_.insert(name).second,
          "{}: the header names {} twice",
          path_.string(),
          shown(name));
    return json_sax_dom_parser::key(name);
  }

 private:
  const fs::path& path_;
  int depth_ = 0;
  std::unordered_set<std::string> names_;
};

Header parse_header(std::string_view text, const fs::path& path) {
  Header header;
  try {
    HeaderBuilder builder(header, path);
    Header::sax_parse(text, &builder);
  } catch (const nlohmann::json::parse_error& error) {
    fail("{}: its header of {} bytes is not JSON at byte {}",
         path.string(),
         text.size(),
         error.byte);
  }
  check(header.is_object(), "{}: its header is not a JSON object", path.string());
  return header;
}

std::map<std::string, std::string> take_metadata(Header& header, const fs::path& path) {
  std::map<std::string, std::string> metadata;
  const auto found = header.find("__metadata__");
  if (found == header.end()) {
    return metadata;
  }
  check(found->is_object(), "{}: \"__metadata__\" is not an object", path.string());
  for (const auto& [key, value] : found->items()) {
    check(value.is_string(),
          "{}: \"__metadata__\" holds {} for {}, which is not a string",
          path.string(),
          shown(value),
          shown(key));
    metadata.emplace(key, value.get<std::string>());
  }
  header.erase(found);
  return metadata;
}

// One tensor of the header before its offsets are compared with the others'.
struct Entry {
  TensorSpec spec;
  std::uint64_t begin = 0, end = 0;  // within the data
};

// The member `key` of a tensor's entry as a list of whole numbers from 0 on.
std::vector<std::uint64_t> whole_numbers(const Header& entry,
                                         const char* key,
                                         std::string_view tensor) {
  const auto found = entry.find(key);
  check(found != entry.end() && found->is_array(), "{} has no list \"{}\"", tensor, key);
  std::vector<std::uint64_t> numbers;
  for (const Header& number : *found) {
    check(number.is_number_unsigned() &&
              number.get<std::uint64_t>() <= std::numeric_limits<std::int64_t>::max(),
          "{} has \"{}\" {}, and {} is not a whole number below 2^63",
          tensor,
          key,
          shown(*found),
          shown(number));
    numbers.push_back(number.get<std::uint64_t>());
  }
  return numbers;
}

Entry read_entry(const std::string& name, const Header& value, const fs::path& path) {
  const std::string tensor = fmt::format("{}: tensor {}", path.string(), shown(name));
  check(value.is_object(), "{} is described by {}, not an object", tensor, shown(value));
  const auto dtype = value.find("dtype");
  check(dtype != value.end() && dtype->is_string(), "{} has no \"dtype\"", tensor);
  const auto known = dtype_named(dtype->get_ref<const std::string&>());
  check(known.has_value(), "{} has the unknown dtype {}", tensor, shown(*dtype));
  Entry entry{.spec = {.name = name, .dtype = *known, .shape = {}}};
  for (const std::uint64_t size : whole_numbers(value, "shape", tensor)) {
    entry.spec.shape.push_back(static_cast<std::int64_t>(size));
  }
  const auto offsets = whole_numbers(value, "data_offsets", tensor);
  check(offsets.size() == 2 && offsets[0] <= offsets[1],
        "{} has data_offsets [{}], which are not a begin and an end",
        tensor,
        fmt::join(offsets, ", "));
  entry.begin = offsets[0];
  entry.end = offsets[1];
  const std::uint64_t needed = bytes_of(entry.spec, path.string());
  check(entry.end - entry.begin == needed,
        "{} has data_offsets [{}, {}], {} bytes, but {} of shape [{}] fills {}",
        tensor,
        entry.begin,
        entry.end,
        entry.end - entry.begin,
        dtype_name(entry.spec.dtype),
        fmt::join(entry.spec.shape, ", "),
        needed);
  return entry;
}

// Sorts by place and checks that the tensors fill the data without overlap or gap.
void check_cover(std::vector<Entry>& entries, std::uint64_t data_bytes, const fs::path& path) {
  std::ranges::sort(entries, [](const Entry& a, const Entry& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  std::uint64_t filled = 0;
  for (const Entry& entry : entries) {
    check(
        entry.end <= data_bytes,
        "{}: tensor {} has data_offsets [{}, {}], past the end of the data ({} bytes): truncated?",
        path.string(),
        shown(entry.spec.name),
        entry.begin,
        entry.end,
        data_bytes);
    check(entry.begin == filled,
          "{}: tensor {} begins at {}, but the data before it ends at {}: {}",
          path.string(),
          shown(entry.spec.name),
          entry.begin,
          filled,
          entry.begin < filled ? "two tensors overlap" : "a gap");
    filled = entry.end;
  }
  check(filled == data_bytes,
        "{}: its tensors end at {}, but the data at {}",
        path.string(),
        filled,
        data_bytes);
}

}  // namespace

std::string_view dtype_name(Dtype dtype) {
  return kDtypes.at(static_cast<std::size_t>(dtype)).name;
}
std::size_t dtype_bytes(Dtype dtype) {
  return kDtypes.at(static_cast<std::size_t>(dtype)).bytes;
}

std::uint64_t bytes_of(const TensorSpec& spec, std::string_view origin) {
  std::int64_t bytes = static_cast<std::int64_t>(dtype_bytes(spec.dtype));
  bool is_sound = true;
  for (const std::int64_t size : spec.shape) {
    is_sound = is_sound && size >= 0 && !__builtin_mul_overflow(bytes, size, &bytes);
  }
  check(is_sound,
        "{}: tensor {} has the shape [{}], which no memory holds",
        origin,
        shown(spec.name),
        fmt::join(spec.shape, ", "));
  return static_cast<std::uint64_t>(bytes);
}

SafetensorsFile::SafetensorsFile(const fs::path& path) : path_(path), file_(path) {
  const std::string_view text = header_text(file_.text(), path);
  Header header = parse_header(text, path);
  metadata_ = take_metadata(header, path);
  std::vector<Entry> entries;
  entries.reserve(header.size());
  for (const auto& [name, value] : header.items()) {
    entries.push_back(read_entry(name, value, path));
  }
  const auto data = file_.bytes().subspan(kLengthBytes + text.size());
  check_cover(entries, data.size(), path);
  tensors_.reserve(entries.size());
  for (Entry& entry : entries) {
    tensors_.push_back({.name = std::move(entry.spec.name),
                        .dtype = entry.spec.dtype,
                        .shape = std::move(entry.spec.shape),
                        .bytes = data.subspan(entry.begin, entry.end - entry.begin)});
    places_.emplace(tensors_.back().name, tensors_.size() - 1);
  }
}

const TensorInfo* SafetensorsFile::find(std::string_view name) const {
  const auto found = places_.find(name);
  return found == places_.end() ? nullptr : &tensors_[found->second];
}

const TensorInfo& SafetensorsFile::at(std::string_view name) const {
  const TensorInfo* const found = find(name);
  check(found != nullptr, "{}: there is no tensor \"{}\"", path_.string(), name);
  return *found;
}

}  // namespace rq
