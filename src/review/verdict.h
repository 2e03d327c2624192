#pragma once
// What a person says of an item, and what follows for the item from all that was said of it.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace rq::review {

enum class Kind { kAccept, kEdit, kReject, kFlag };

std::string_view name_of(Kind kind);  // "accept", "edit", "reject", "flag"
std::optional<Kind> kind_of(std::string_view name);

struct Verdict {
  Kind kind = Kind::kAccept;
  std::int64_t candidate = 0;  // from 0: the one that is accepted or was edited
  std::string text = {};  // of an edit the answer, of a rejection the reason, of a flag the note
};

// In the order in which items are given out.
enum class State {
  kNew,       // nobody has said anything
  kWaiting,   // for a second judgement
  kFlagged,   // for somebody else than the one who flagged it
  kTied,      // for a third person, as many accept as reject
  kAccepted,  // from here on it is decided
  kRejected,
};
constexpr bool is_decided(State state) {
  return state >= State::kAccepted;
}

// The rule. Accept, edit and reject are judgements; a flag is none, it asks for another person's.
// An item is decided once it has the `wanted` number of judgements, by the majority of accept or
// edit against reject; on a tie one more person is asked. `kinds` holds one for each person.
State decide(std::int64_t wanted, std::span<const Kind> kinds);

}  // namespace rq::review
