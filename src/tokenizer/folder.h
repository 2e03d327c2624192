#pragma once
// A model folder's tokenizer files, as transformers' AutoTokenizer reads them.

#include <filesystem>
#include <string>
#include <string_view>

#include "tokenizer/tokenizer.h"

namespace rq::tokenizer {

// Writes tokenizer.json and tokenizer_config.json (begin, end and padding tokens, DeepSeek-V3's
// chat template) into `model_dir`. Tokens that the tokenizer lacks are left out, and the chat
// template with them.
void save_tokenizer_folder(const Tokenizer& tokenizer, const std::filesystem::path& model_dir);

// Copies what `from` has of a tokenizer's files: its chat template and what ends an answer too.
void copy_tokenizer_folder(const std::filesystem::path& from, const std::filesystem::path& to);

// DeepSeek-V3's chat format in Jinja.
std::string_view chat_template();

}  // namespace rq::tokenizer
