#include "pipeline/kinds/review.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/config.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/require.h"
#include "data/box_writer.h"
#include "data/conversation.h"
#include "data/store.h"
#include "pipeline/recipe.h"
#include "review/as_json.h"
#include "review/queue.h"

namespace rq::pipeline {
namespace {

namespace fs = std::filesystem;

// What is to be judged, in order, and what the rules took away.
struct Items {
  std::vector<review::Item> items = {};
  std::map<std::string, std::int64_t> broken = {};  // by rule
  std::int64_t answers = 0;
  std::int64_t unanswered = 0;  // conversations that do not end with an answer to somebody
};

const std::string& last_question(const data::Conversation& conversation) {
  return conversation.messages.back().content;
}

class ReviewProcess : public Process {
 public:
  using Settings = ReviewSettings;
  Settings settings;

  ConfigNode config() const override { return write_config(settings); }
  Thing makes() const override { return {ThingType::kData, settings.makes}; }
  std::optional<data::Content> content() const override { return data::Content::kConversations; }
  bool depends_on_seed() const override { return false; }

  std::vector<Input> inputs() const override {
    std::vector<Input> inputs;
    for (const std::string& name : settings.from) {
      inputs.push_back({{ThingType::kData, name}, "from"});
    }
    return inputs;
  }

  std::vector<std::string> problems(const Recipe& recipe) const override {
    std::vector<std::string> found;
    for (const std::string& name : settings.from) {
      const auto content = recipe.content_of(name);
      if (content && *content != data::Content::kConversations) {
        found.push_back(
            fmt::format("from: data.{} holds {}, not conversations", name, enum_name(*content)));
      }
    }
    return found;
  }

  // At most: how many are taken nobody knows before.
  std::optional<double> documents(const Recipe& recipe) const override {
    double sum = 0;
    for (const std::string& name : settings.from) {
      const auto count = recipe.count_of(name);
      if (!count) {
        return std::nullopt;
      }
      sum += *count;
    }
    return sum;
  }

  // Those of the first: what else is judged is of the same kind.
  std::optional<Lengths> lengths(const Recipe& recipe) const override {
    return settings.from.empty() ? std::nullopt : recipe.lengths_of(settings.from.front());
  }

  void run(Context& context) const override {
    const Items read = read_items(context);
    check(!read.items.empty(),
          "of {} answers none keeps to the rules ({}): loosen them, or ask a better teacher",
          read.answers,
          Json(read.broken).dump());
    if (settings.review == Reviewer::kRules) {
      take_first_candidates(context, read);
    } else {
      take_accepted(context, read);
    }
  }

 private:
  Items read_items(const Context& context) const {
    Items read;
    std::map<std::string, std::size_t> known;  // items by their messages
    for (const std::string& name : settings.from) {
      const data::DocumentStore box(context.place({ThingType::kData, name}));
      for (std::int64_t i = 0; i < box.size(); ++i) {
        add(read, known, data::parse_conversation(box[i], "data." + name), name);
      }
    }
    for (review::Item& item : read.items) {
      item.id = id_of(item);
    }
    return read;
  }

  // The same item has the same id whatever else is judged, so that its verdicts can be kept.
  static std::string id_of(const review::Item& item) {
    std::string content = item.messages;
    for (const review::Candidate& candidate : item.candidates) {
      content.append("\0", 1).append(candidate.text);
    }
    return fmt::format("{:016x}", xxh3(content));
  }

  void add(Items& read,
           std::map<std::string, std::size_t>& known,
           data::Conversation conversation,
           const std::string& box) const {
    auto& messages = conversation.messages;
    if (messages.size() < 2 || messages.back().role != data::Role::kAssistant ||
        messages[messages.size() - 2].role != data::Role::kUser) {
      ++read.unanswered;
      return;
    }
    ++read.answers;
    const std::string answer = std::move(messages.back().content);
    messages.pop_back();
    if (const auto rule =
            review::broken_rule(settings.rules, last_question(conversation), answer)) {
      ++read.broken[std::string(*rule)];
      return;
    }
    const std::string asked = conversation.as_json().dump();
    const auto [place, is_new] = known.emplace(asked, read.items.size());
    if (is_new) {
      read.items.push_back({.id = {}, .messages = asked});
    }
    read.items[place->second].candidates.push_back({.text = answer, .origin = box});
  }

  void take_first_candidates(Context& context, const Items& read) const {
    std::vector<std::string> documents;
    for (const review::Item& item : read.items) {
      documents.push_back(answered(item.messages, item.candidates.front().text));
    }
    write(context, read, documents, {{"human_checked", false}});
  }

  void take_accepted(Context& context, const Items& read) const {
    review::Queue queue(context.work / "review.sqlite", {.overlap = settings.overlap});
    queue.add(read.items);
    const fs::path earlier = context.replaced / "review.sqlite";
    if (fs::exists(earlier)) {
      queue.adopt(earlier);
    }
    const review::Progress progress = queue.progress();
    if (!queue.is_complete()) {
      const std::string run = context.work.parent_path().parent_path().string();
      throw Waiting(fmt::format(
          "{} of {} answers are judged; to judge the others: ./rorqual review {} --process {}",
          progress.done(),
          progress.items(),
          run,
          context.work.filename().string()));
    }
    std::vector<std::string> documents;
    for (const review::Accepted& one : queue.accepted()) {
      documents.push_back(answered(one.messages, one.answer));
    }
    check(!documents.empty(),
          "people accepted none of {} answers: ask a better teacher",
          progress.items());
    write(context,
          read,
          documents,
          {{"human_checked", true}, {"verdicts", review::as_json(progress)}});
  }

  static std::string answered(const std::string& messages, const std::string& answer) {
    Json all = parse_json(messages, "the messages of an item");
    all.push_back({{"role", "assistant"}, {"content", answer}});
    return data::read_conversation(all).document();
  }

  void write(Context& context,
             const Items& read,
             const std::vector<std::string>& documents,
             Json about) const {
    about["answers"] = read.answers;
    about["broken_rules"] = read.broken;
    about["unanswered"] = read.unanswered;
    data::write_box(context.output, settings.makes, documents, about);
    context.log(fmt::format("{} of {} answers are taken, {}",
                            documents.size(),
                            read.answers,
                            settings.review == Reviewer::kPeople
                                ? "judged by people"
                                : "by rules alone: no person looked at them"));
  }
};

}  // namespace

std::vector<std::string> ReviewSettings::problems() const {
  Requirements all;
  all.require(!from.empty(), "from names no box of conversations");
  all.require(overlap >= 0 && overlap <= 1, "overlap={} must lie in [0, 1]", overlap);
  std::vector<std::string> found = all.take();
  for (std::string& sentence : rules.problems()) {
    found.push_back(std::move(sentence));
  }
  return found;
}

Kind review_kind() {
  return kind_of<ReviewProcess>("review");
}

}  // namespace rq::pipeline
