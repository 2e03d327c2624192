#include "tokenizer/internal/normalizer.h"

#include <cstdlib>
#include <map>
#include <memory>
#include <new>
#include <string>
#include <string_view>

#include <utf8proc.h>

#include "base/check.h"
#include "base/json.h"
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

void append_normalized(std::string_view run, NormalForm form, std::string& out) {
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
