#pragma once
// Which language a text is in, among those that IFEval asks for: by its script, and where several
// are written in that, by their frequent words and telling letters.

#include <string_view>

namespace rq::eval {

// An ISO 639-1 code: that of the script in which the most letters are, and within it of the
// language with the most marks; of equals the first of its list, so that of Latin script English.
// Empty where no letter is known. Languages that are not asked for are taken for a neighbour.
std::string_view language_of(std::string_view text);

// Whether a text can be found to be in it.
bool knows_language(std::string_view code);

}  // namespace rq::eval
