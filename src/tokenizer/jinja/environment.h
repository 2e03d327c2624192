#pragma once
// What a template runs in: the names and their values, scope in scope.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "tokenizer/jinja/value.h"

namespace rq::tokenizer::jinja {

class Environment {
 public:
  using Scope = std::map<std::string, Value, std::less<>>;

  explicit Environment(Scope globals) {
    scopes_.push_back(std::make_shared<Scope>(std::move(globals)));
  }

  // The value in the innermost scope that has the name.
  Value find(const std::string& name) const {
    for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
      const auto found = (*scope)->find(name);
      if (found != (*scope)->end()) {
        return found->second;
      }
    }
    return Undefined{name};
  }
  void set(const std::string& name, Value value) { (*scopes_.back())[name] = std::move(value); }

  // Runs `work` in a scope of its own. `sees_all`: in that of a loop, which sees what surrounds it;
  // else in that of a macro, which sees the template's own names alone.
  template <typename Work>
  auto within(bool sees_all, Work&& work) {
    constexpr std::size_t kDeepest = 200;
    check(depth_ < kDeepest, "macros call each other more than {} deep", kDeepest);
    const Restore restore{*this, scopes_, depth_};
    ++depth_;
    if (!sees_all) {
      scopes_.resize(1);
    }
    scopes_.push_back(std::make_shared<Scope>());
    return work();
  }

  int line = 0;  // of the statement that runs

 private:
  using Scopes = std::vector<std::shared_ptr<Scope>>;
  struct Restore {
    Environment& environment;
    Scopes scopes;
    std::size_t depth;
    ~Restore() {
      environment.scopes_ = std::move(scopes);
      environment.depth_ = depth;
    }
  };

  Scopes scopes_;
  std::size_t depth_ = 0;
};

}  // namespace rq::tokenizer::jinja
