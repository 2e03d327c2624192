#include "serve/model_host.h"

#include <filesystem>
#include <mutex>
#include <string>
#include <utility>

#include "model/hf_weights.h"

namespace rq::serve {

ModelHost::ModelHost(std::string name,
                     const std::filesystem::path& folder,
                     const generate::EngineConfig& config)
    : name_(std::move(name)),
      tokenizer_(tokenizer::Tokenizer::load(folder / "tokenizer.json")),
      chat_(tokenizer::ChatFormat::load(folder)),
      end_tokens_(tokenizer::end_tokens(folder, tokenizer_)),
      engine_(model::load_model(folder), config),
      thread_([this] { work(); }) {}

ModelHost::~ModelHost() {
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  changed_.notify_all();
}

generate::Engine::Id ModelHost::add(generate::Request request) {
  const generate::Engine::Id id = engine_.add(std::move(request));
  {
    const std::lock_guard lock(mutex_);
    has_work_ = true;
  }
  changed_.notify_all();
  return id;
}

void ModelHost::cancel(generate::Engine::Id id) {
  engine_.cancel(id);
  {
    const std::lock_guard lock(mutex_);
    has_work_ = true;
  }
  changed_.notify_all();
}

void ModelHost::work() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return has_work_ || is_over_; });
      if (is_over_) {
        return;
      }
      has_work_ = false;
    }
    while (engine_.step()) {
      const std::lock_guard lock(mutex_);
      if (is_over_) {
        return;
      }
    }
  }
}

}  // namespace rq::serve
