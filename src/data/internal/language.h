#pragma once
// What is known of a programming language here: how its files are named, how a comment looks, and
// what a file says that it includes or imports.

#include <string>
#include <string_view>
#include <vector>

namespace rq::data {

enum class Language { kOther, kC, kPython, kJavaScript };  // C++ with C, TypeScript with JavaScript

// By the ending of the path.
Language language_of(std::string_view path);

// A comment of one line, with its newline, in the style of the file's language; "# ..." where that
// is not known.
std::string as_comment(std::string_view path, std::string_view text);

// What one import names.
struct Import {
  std::string name = {};    // "lib/tree.h", "a.b", "..x", "./tree"
  std::string member = {};  // of Python's `from name import member`, which may be a module itself

  friend bool operator==(const Import&, const Import&) = default;
};

// The imports of a file that may be of its own tree, in the order they stand: `#include "..."`;
// Python's, but for those inside functions and classes, which are run later; JavaScript's import,
// export and require of relative paths.
std::vector<Import> imports_of(Language language, std::string_view text);

}  // namespace rq::data
