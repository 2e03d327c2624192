#pragma once
// Sentences, counted by the marks that end them.

#include <cstddef>
#include <string_view>

namespace rq::eval {

// A sentence ends at . ! ? and their like in other scripts, with the quotes and brackets behind
// them, where a blank or the text's end follows; East Asian marks need no blank. A point behind a
// title, an initial or an abbreviation ends none; that of "etc." or "U.S." does, and so do several
// points, where the next word has a capital. What follows the last of them is a sentence too. The
// end of a line ends none, and the number of a list, "1.", is one: as NLTK's Punkt counts.
std::size_t count_sentences(std::string_view text);

}  // namespace rq::eval
