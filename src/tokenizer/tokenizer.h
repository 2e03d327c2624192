#pragma once
// Byte-level BPE with the token ids of Hugging Face's tokenizer.json: text to ids, ids back to the
// same bytes.
//
//   const auto tokenizer = Tokenizer::load("models/v3-4k/tokenizer.json");
//   const std::vector<std::int32_t> ids = tokenizer.encode("x = 3.14");
//   assert(tokenizer.decode(ids) == "x = 3.14");
//
// A Tokenizer never changes: any number of threads may use one, and copies share its tables. Text
// is bytes. UTF-8 is tokenized as the `tokenizers` library does it; bytes that are not UTF-8 are
// kept exactly (each is one piece that no pattern matches across), so decode(encode(x)) == x unless
// the file asks for a normalizer, a prefix space, or removed separators.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rq::tokenizer {

struct Definition;  // everything tokenizer.json says (definition.h)

class Tokenizer {
 public:
  // Reads a tokenizer.json; an Error names the file and what in it cannot be used.
  static Tokenizer load(const std::filesystem::path& path);
  // The same from its text; `origin` names it in errors.
  static Tokenizer from_json(std::string_view text, std::string_view origin = "tokenizer.json");
  explicit Tokenizer(Definition definition, std::string_view origin = "tokenizer");

  // Writes the tokenizer.json, atomically; what was read and not used (post-processor, truncation)
  // is kept.
  void save(const std::filesystem::path& path) const;
  std::string to_json() const;

  // Added and special tokens that stand in the text become their ids; none is added.
  std::vector<std::int32_t> encode(std::string_view text) const;
  // The same, appended to `out`.
  void encode_to(std::string_view text, std::vector<std::int32_t>& out) const;
  // Added and special tokens are plain text here: for text from strangers.
  std::vector<std::int32_t> encode_ordinary(std::string_view text) const;
  void encode_ordinary_to(std::string_view text, std::vector<std::int32_t>& out) const;

  // The bytes of the ids, special tokens included; they need not be UTF-8. An unknown id is an
  // Error.
  std::string decode(std::span<const std::int32_t> ids) const;

  // The largest id + 1: the rows an embedding needs.
  std::int64_t vocab_size() const;
  // By an added token's text or a vocabulary entry's bytes (" the", not its "Ġthe" spelling).
  std::optional<std::int32_t> id_of(std::string_view token) const;
  // Empty where no token has this id.
  std::string_view bytes_of(std::int32_t id) const;
  // Whether the file calls the token special: control, not text.
  bool is_special(std::int32_t id) const;

  const Definition& definition() const;

 private:
  struct State;
  std::shared_ptr<const State> state_;  // shared by copies: the tables are large and constant
};

}  // namespace rq::tokenizer
