#pragma once
// The inside of an Engine: who is under way, who waits, and what one step does with them. A step
// plans (schedule.cpp), runs the network, and takes in what it says (answers.cpp).

#include <cstdint>
#include <deque>
#include <list>
#include <mutex>
#include <span>
#include <vector>

#include "generate/engine.h"
#include "generate/internal/draft_policy.h"
#include "generate/internal/sequence.h"
#include "generate/network.h"
#include "generate/page_pool.h"

namespace rq::generate {

struct Engine::State {
  EngineConfig config;
  Network network;
  PagePool pool;
  // Oldest first. A list, so that what a step refers to stays where it is.
  std::list<Sequence> running;
  std::deque<Sequence> waiting;

  // What other threads ask for, until a step takes it over; `status` is what they see.
  mutable std::mutex mutex;
  std::vector<Sequence> added;
  std::vector<Id> cancelled;
  Id last_id = 0;
  EngineStatus status;

  // One sequence's part of a step.
  struct Part {
    Sequence* sequence;
    std::int64_t first_row = 0;  // of its wanted logits
    std::int64_t wanted = 0;
    std::int64_t tokens = 0;         // of its span
    bool has_draft = false;          // the last of them is a guess
    std::vector<Token> scored = {};  // of the prompt
    std::vector<Token> next = {};    // behind its last token
  };
  std::vector<Part> parts;
  std::vector<Span> spans;
  DraftPolicy policy;
  DraftPolicy::Step step_kind = DraftPolicy::Step::kGivenUp;

  State(const model::Model& model, const EngineConfig& settings);

  void step();

  bool drafts() const { return config.drafts != Drafts::kNever && network.predicts(); }
  void take_over();
  void admit();
  void plan();
  bool make_room(Sequence& sequence, std::int64_t positions);
  bool plan_sequence(Sequence& sequence, std::int64_t& budget);
  void choose(Part& part, std::span<const float> logits) const;
  void report(Part& part);
  void report(Sequence& sequence, const Token& token);
  void guess();
  void learn(double seconds);
  void retire();
};

}  // namespace rq::generate
