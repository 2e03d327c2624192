#pragma once
// The queue between a model that wrote answers and the training on them: people judge each before
// it becomes training data (DeepSeek-V3 §5.1: the answers of V2.5, checked by people).
//
// One SQLite file, which several processes may have open. Each change is one transaction that is on
// the disk when the call returns, so a killed process loses nothing; verdicts that were undone or
// replaced stay as history. Any thread may call anything.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/check.h"
#include "review/agreement.h"
#include "review/verdict.h"

namespace rq::review {

class Tables;

struct Candidate {
  std::string text;
  std::string origin = {};  // which model wrote it, in words that people know
};

// `messages` is JSON: a list of {"role", "content"} that ends with a user's, to be answered.
struct Item {
  std::string id, messages;
  std::vector<Candidate> candidates = {};
};

// A member of the history of an item.
struct Judgement {
  std::string reviewer;
  Verdict verdict;
  double time_s = 0;                    // since 1970
  std::optional<double> undone_s = {};  // when it was taken back
  bool counts = true;                   // neither taken back nor replaced by a later look
};

// An item for one reviewer, with what others noted when they flagged it; at another look, with all
// that was said of it.
struct Given {
  Item item;
  std::vector<Judgement> said = {};
};

struct Undone {
  Given given;
  Verdict verdict;
  bool is_held = true;  // by the reviewer again; else somebody else has the item before them
};

// A conversation that comes out.
struct Accepted {
  std::string id, messages;
  std::string answer;
  std::string origin, reviewer;
  bool was_edited = false;
};

struct ReviewerCounts {
  std::string name;
  std::map<Kind, std::int64_t> verdicts;  // those that count
};

struct Progress {
  std::map<State, std::int64_t> states;   // all six
  std::vector<ReviewerCounts> reviewers;  // by name
  Agreement agreement;  // of the first two people who judged an item, by their first word on it

  std::int64_t items() const;
  std::int64_t done() const;
  std::int64_t verdicts(Kind kind) const;
};

// What there is for one reviewer.
struct Share {
  std::int64_t open = 0;   // undecided items that this reviewer has said nothing of
  std::int64_t again = 0;  // those for another look: see Queue::look_again
};

// A second verdict of the same reviewer where none is asked for.
class AlreadyJudged : public Error {
  using Error::Error;
};

struct QueueConfig {
  double overlap = 0.1;        // share of the items put in from here that two reviewers judge
  std::int64_t lease_s = 900;  // for which an item is before one person alone
  std::function<double()> now_s = {};  // since 1970; the machine's clock where empty

  void validate() const;
};

class Queue {
 public:
  // Opens the queue, or makes an empty one where there is no file. An Error with the path where the
  // file is no queue or of a newer format.
  explicit Queue(const std::filesystem::path& path, QueueConfig config = {});
  ~Queue();

  // Puts items at the end, all or none; those whose id is there already are passed over. An Error
  // where one has no id, no candidate, messages of another form, or other content than the item
  // that has its id. Whether two people judge it hangs on its id alone.
  void add(std::span<const Item> items);

  // Takes over what was said of items with the same ids in another queue, a file that is there;
  // items that somebody has judged here already are left as they are.
  void adopt(const std::filesystem::path& earlier);

  // An undecided item that this reviewer has said nothing of: the one before them, if any, else in
  // the order of State and then as put in. It is theirs until they judge it, take another, or
  // lease_s have passed. Nothing where there is none, or others have them all.
  std::optional<Given> next(const std::string& reviewer);
  // An item that this reviewer judged and that is tied, or flagged by them: for where nobody else
  // is there to decide. judge() then replaces their verdict. The one judged longest ago first.
  std::optional<Given> look_again(const std::string& reviewer);

  // Takes a verdict, also when another has the item by now. An edit that changes nothing is an
  // acceptance. An Error where the id or the candidate does not exist, or a text is missing.
  void judge(const std::string& reviewer, const std::string& id, const Verdict& verdict);
  // Takes back the last verdict of theirs that counts, and what it replaced counts again.
  std::optional<Undone> undo(const std::string& reviewer);

  Progress progress() const;
  Share share_of(const std::string& reviewer) const;
  // Whether every item that was put in is decided; so is an empty queue.
  bool is_complete() const;
  // Of the accepted items in their order, each with the last answer that somebody wrote; where
  // nobody did, with the last that was accepted.
  std::vector<Accepted> accepted() const;
  // All that was ever said of an item, in its order.
  std::vector<Judgement> history(const std::string& id) const;

 private:
  mutable std::mutex mutex_;
  std::unique_ptr<Tables> tables_;
};

// Accepted conversations as training data: {"messages": [..., the answer]} and a newline each.
std::string training_lines(std::span<const Accepted> accepted);

}  // namespace rq::review
