#include "tokenizer/tokenizer.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/files.h"
#include "tokenizer/definition.h"
#include "tokenizer/internal/added_tokens.h"
#include "tokenizer/internal/bpe_model.h"
#include "tokenizer/internal/byte_alphabet.h"
#include "tokenizer/internal/normalizer.h"
#include "tokenizer/internal/piece_encoder.h"
#include "tokenizer/internal/pre_tokenizer.h"
#include "tokenizer/internal/utf8.h"

namespace rq::tokenizer {
namespace {

// The bytes of each id; empty where no token has it.
std::vector<std::string> list_token_bytes(const Definition& definition, std::string_view origin) {
  check(!definition.vocabulary.empty(), "{}: the vocabulary is empty", origin);
  std::int32_t largest = definition.vocabulary.back().second;
  for (const AddedToken& token : definition.added_tokens) {
    largest = std::max(largest, token.id);
  }
  const std::size_t known = definition.vocabulary.size() + definition.added_tokens.size();
  // Ids may have gaps, but a table of them must stay in proportion.
  check(static_cast<std::size_t>(largest) < 16 * known + (1U << 20),
        "{}: the largest id is {}, but there are only {} tokens",
        origin,
        largest,
        known);
  std::vector<std::string> bytes(static_cast<std::size_t>(largest) + 1);
  for (const auto& [token, id] : definition.vocabulary) {
    bytes[static_cast<std::size_t>(id)] = bytes_of_spelling(token).value_or(token);
  }
  for (const AddedToken& token : definition.added_tokens) {
    bytes[static_cast<std::size_t>(token.id)] = token.content;
  }
  return bytes;
}

// What one thread needs to encode.
struct Worker {
  explicit Worker(const BpeModel& model) : pieces(model) {}
  PreTokenizerScratch pre_tokenizer;
  PieceEncoder pieces;
};

}  // namespace

struct Tokenizer::State {
  State(Definition read, std::string_view origin)
      : definition(std::move(read)),
        token_bytes(list_token_bytes(definition, origin)),
        is_special(token_bytes.size()),
        normalizer(definition.normalizer, origin),
        pre_tokenizer(definition.pre_tokenizer, origin),
        model(definition, token_bytes, origin) {
    for (const auto& [token, id] : definition.vocabulary) {
      if (!bytes_of_spelling(token)) {
        id_of_text.emplace(token, id);
      }
    }
    for (const AddedToken& token : definition.added_tokens) {
      id_of_text.insert_or_assign(token.content, token.id);
      is_special[static_cast<std::size_t>(token.id)] = token.is_special;
      if (token.normalized) {
        normalized_tokens.add(normalizer.apply(token.content), token);
      } else {
        raw_tokens.add(token.content, token);
      }
    }
  }

  void encode(std::string_view text, bool finds_added, std::vector<std::int32_t>& out) const {
    const Lease lease(*this);
    const auto plain = [&](std::string_view part) { encode_normalized(part, *lease.worker, out); };
    const auto token = [&](std::int32_t id) { out.push_back(id); };
    const auto unnormalized = [&](std::string_view part) {
      std::string normalized;
      if (!normalizer.is_identity()) {
        part = normalized = normalizer.apply(part);
      }
      if (finds_added) {
        normalized_tokens.split(part, plain, token);
      } else {
        plain(part);
      }
    };
    if (finds_added) {
      raw_tokens.split(text, unnormalized, token);
    } else {
      unnormalized(text);
    }
  }

  void encode_normalized(std::string_view text,
                         Worker& worker,
                         std::vector<std::int32_t>& out) const {
    const auto encode_piece = [&](std::string_view piece) { worker.pieces.encode(piece, out); };
    each_utf8_run(
        text,
        [&](std::string_view run) { pre_tokenizer.split(run, worker.pre_tokenizer, encode_piece); },
        encode_piece);
  }

  // Takes a worker out of the idle ones, and puts it back.
  struct Lease {
    explicit Lease(const State& owner) : state(owner) {
      const std::lock_guard lock(state.mutex);
      if (state.idle.empty()) {
        worker = std::make_unique<Worker>(state.model);
      } else {
        worker = std::move(state.idle.back());
        state.idle.pop_back();
      }
    }
    ~Lease() {
      const std::lock_guard lock(state.mutex);
      state.idle.push_back(std::move(worker));
    }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    const State& state;
    std::unique_ptr<Worker> worker;
  };

  const Definition definition;
  const std::vector<std::string> token_bytes;
  std::vector<bool> is_special;
  const Normalizer normalizer;
  const PreTokenizer pre_tokenizer;
  const BpeModel model;
  AddedTokenFinder raw_tokens, normalized_tokens;
  std::unordered_map<std::string_view, std::int32_t> id_of_text;  // of added tokens

  mutable std::mutex mutex;
  mutable std::vector<std::unique_ptr<Worker>> idle;  // guarded by the mutex
};

Tokenizer Tokenizer::load(const std::filesystem::path& path) {
  const MappedFile file(path);
  return from_json(file.text(), path.string());
}

Tokenizer Tokenizer::from_json(std::string_view text, std::string_view origin) {
  return Tokenizer(parse_definition(text, origin), origin);
}

Tokenizer::Tokenizer(Definition definition, std::string_view origin)
    : state_(std::make_shared<const State>(std::move(definition), origin)) {}

void Tokenizer::save(const std::filesystem::path& path) const {
  write_file(path, to_json());
}

std::string Tokenizer::to_json() const {
  return tokenizer::to_json(state_->definition);
}

std::vector<std::int32_t> Tokenizer::encode(std::string_view text) const {
  std::vector<std::int32_t> ids;
  encode_to(text, ids);
  return ids;
}

void Tokenizer::encode_to(std::string_view text, std::vector<std::int32_t>& out) const {
  state_->encode(text, /*finds_added=*/true, out);
}

std::vector<std::int32_t> Tokenizer::encode_ordinary(std::string_view text) const {
  std::vector<std::int32_t> ids;
  encode_ordinary_to(text, ids);
  return ids;
}

void Tokenizer::encode_ordinary_to(std::string_view text, std::vector<std::int32_t>& out) const {
  state_->encode(text, /*finds_added=*/false, out);
}

std::string Tokenizer::decode(std::span<const std::int32_t> ids) const {
  std::string text;
  for (const std::int32_t id : ids) {
    const std::string_view bytes = bytes_of(id);
    check(!bytes.empty(),
          "no token has the id {}; the vocabulary's ids are below {}",
          id,
          vocab_size());
    text += bytes;
  }
  return text;
}

std::int64_t Tokenizer::vocab_size() const {
  return static_cast<std::int64_t>(state_->token_bytes.size());
}

std::optional<std::int32_t> Tokenizer::id_of(std::string_view token) const {
  const auto added = state_->id_of_text.find(token);
  return added != state_->id_of_text.end() ? std::optional(added->second)
                                           : state_->model.find(token);
}

std::string_view Tokenizer::bytes_of(std::int32_t id) const {
  const bool is_known = id >= 0 && id < vocab_size();
  return is_known ? std::string_view(state_->token_bytes[static_cast<std::size_t>(id)]) : "";
}

bool Tokenizer::is_special(std::int32_t id) const {
  return id >= 0 && id < vocab_size() && state_->is_special[static_cast<std::size_t>(id)];
}

const Definition& Tokenizer::definition() const {
  return state_->definition;
}

}  // namespace rq::tokenizer
