#include "tokenizer/internal/normalizer.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <map>
#include <memory>
#include <new>
#include <string>
#include <string_view>

#include <utf8proc.h>

#include "base/check.h"
#include "base/json.h"
#include "tokenizer/internal/unicode.h"
#include "tokenizer/internal/utf8.h"

namespace rq::tokenizer {
namespace {

utf8proc_option_t options_of(NormalForm form) {
  int options = UTF8PROC_STABLE;
  options |=
      form == NormalForm::kNfc || form == NormalForm::kNfkc ? UTF8PROC_COMPOSE : UTF8PROC_DECOMPOSE;
  options |= form == NormalForm::kNfkc || form == NormalForm::kNfkd ? UTF8PROC_COMPAT : 0;
  return static_cast<utf8proc_option_t>(options);
}

// Characters that the `tokenizers` library's tables, of an older Unicode, do not know: it neither
// moves nor decomposes them, and so must we for equal ids. tests/parity/tokenizer_parity.py --full
// goes through all characters.
constexpr CharacterRange kOpaque[] = {
    {0x7FD, 0x7FD},     {0x898, 0x89F},     {0x8CA, 0x8D3},     {0x9FE, 0x9FE},
    {0xC3C, 0xC3C},     {0xD3B, 0xD3C},     {0xEBA, 0xEBA},     {0x1715, 0x1715},
    {0x1ABF, 0x1ACE},   {0x1DF6, 0x1DFA},   {0x32FF, 0x32FF},   {0xA7F2, 0xA7F4},
    {0xA82C, 0xA82C},   {0xAB69, 0xAB69},   {0x10781, 0x10785}, {0x10787, 0x107B0},
    {0x107B2, 0x107BA}, {0x10D24, 0x10D27}, {0x10EAB, 0x10EAC}, {0x10EFD, 0x10EFF},
    {0x10F46, 0x10F50}, {0x10F82, 0x10F85}, {0x11070, 0x11070}, {0x1133B, 0x1133B},
    {0x1145E, 0x1145E}, {0x11839, 0x1183A}, {0x11930, 0x11930}, {0x11935, 0x11935},
    {0x11938, 0x11938}, {0x1193D, 0x1193E}, {0x11943, 0x11943}, {0x119E0, 0x119E0},
    {0x11A34, 0x11A34}, {0x11A47, 0x11A47}, {0x11A99, 0x11A99}, {0x11D42, 0x11D42},
    {0x11D44, 0x11D45}, {0x11D97, 0x11D97}, {0x11F41, 0x11F42}, {0x16FF0, 0x16FF1},
    {0x1E030, 0x1E06D}, {0x1E08F, 0x1E08F}, {0x1E130, 0x1E136}, {0x1E2AE, 0x1E2AE},
    {0x1E2EC, 0x1E2EF}, {0x1E4EC, 0x1E4EF}, {0x1F16C, 0x1F16C}, {0x1FBF0, 0x1FBF9}};

bool is_opaque(char32_t character) {
  const auto* const after =
      std::ranges::upper_bound(kOpaque, character, {}, &CharacterRange::first);
  return after != std::begin(kOpaque) && character <= std::prev(after)->last;
}

// The bytes before the first opaque character.
std::size_t known_prefix(std::string_view run) {
  std::size_t at = 0;
  while (at < run.size()) {
    const CodePoint point = decode_utf8(run.data() + at);
    if (is_opaque(point.value)) {
      break;
    }
    at += static_cast<std::size_t>(point.length);
  }
  return at;
}

void append_known(std::string_view run, NormalForm form, std::string& out) {
  // ASCII is in every normal form, but its last character may combine with what follows.
  const std::size_t ascii = ascii_prefix(run);
  const std::size_t plain = ascii == run.size() || ascii == 0 ? ascii : ascii - 1;
  out += run.substr(0, plain);
  run.remove_prefix(plain);
  if (run.empty()) {
    return;
  }
  utf8proc_uint8_t* normalized = nullptr;
  const utf8proc_ssize_t length =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(run.data()),
                   static_cast<utf8proc_ssize_t>(run.size()),
                   &normalized,
                   options_of(form));
  if (length < 0) {
    throw std::bad_alloc();  // the run is valid, so only memory can lack
  }
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(normalized, &std::free);
  out.append(reinterpret_cast<const char*>(normalized), static_cast<std::size_t>(length));
}

void append_normalized(std::string_view run, NormalForm form, std::string& out) {
  while (!run.empty()) {
    const std::size_t known = known_prefix(run);
    append_known(run.substr(0, known), form, out);
    run.remove_prefix(known);
    if (!run.empty()) {
      const auto length = static_cast<std::size_t>(decode_utf8(run).length);
      out += run.substr(0, length);
      run.remove_prefix(length);
    }
  }
}

}  // namespace

Normalizer::Normalizer(const Json& description, std::string_view origin) {
  if (!description.is_null()) {
    add(description, origin);
  }
}

void Normalizer::add(const Json& description, std::string_view origin) {
  static const std::map<std::string, NormalForm> forms = {{"NFC", NormalForm::kNfc},
                                                          {"NFD", NormalForm::kNfd},
                                                          {"NFKC", NormalForm::kNfkc},
                                                          {"NFKD", NormalForm::kNfkd}};
  check(description.is_object(), "{}: normalizer: {} is not an object", origin, description.dump());
  const auto type = json_value<std::string>(description, "type", "", origin);
  if (const auto form = forms.find(type); form != forms.end()) {
    forms_.push_back(form->second);
    return;
  }
  check(type == "Sequence",
        "{}: normalizer \"{}\" is not supported; known are Sequence, NFC, NFD, NFKC and NFKD",
        origin,
        type);
  const auto parts = description.find("normalizers");
  check(parts != description.end() && parts->is_array(),
        "{}: normalizer: a Sequence has no list \"normalizers\"",
        origin);
  for (const Json& part : *parts) {
    add(part, origin);
  }
}

std::string Normalizer::apply(std::string_view text) const {
  std::string result(text);
  for (const NormalForm form : forms_) {
    const std::string source = std::move(result);
    result.clear();
    result.reserve(source.size());
    each_utf8_run(
        source,
        [&](std::string_view run) { append_normalized(run, form, result); },
        [&](std::string_view byte) { result += byte; });
  }
  return result;
}

}  // namespace rq::tokenizer
