#pragma once
// A model that answers: its tokenizer, its chat format, and an engine whose steps run on a thread
// of their own as long as there is work.

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "generate/engine.h"
#include "tokenizer/chat_format.h"
#include "tokenizer/tokenizer.h"

namespace rq::serve {

class ModelHost {
 public:
  ModelHost(std::string name,
            const std::filesystem::path& folder,
            const generate::EngineConfig& config);
  // Ends what is under way.
  ~ModelHost();
  ModelHost(const ModelHost&) = delete;
  ModelHost& operator=(const ModelHost&) = delete;

  const std::string& name() const { return name_; }
  const tokenizer::Tokenizer& tokenizer() const { return tokenizer_; }
  const std::optional<tokenizer::ChatFormat>& chat() const { return chat_; }
  const std::vector<std::int32_t>& end_tokens() const { return end_tokens_; }
  std::int64_t context() const { return engine_.config().context; }
  std::int64_t vocabulary() const { return engine_.config().vocab_size; }

  // As the engine's; any thread.
  generate::Engine::Id add(generate::Request request);
  void cancel(generate::Engine::Id id);
  generate::EngineStatus status() const { return engine_.status(); }

 private:
  void work();

  std::string name_;
  tokenizer::Tokenizer tokenizer_;
  std::optional<tokenizer::ChatFormat> chat_;
  std::vector<std::int32_t> end_tokens_;
  generate::Engine engine_;

  std::mutex mutex_;
  std::condition_variable changed_;
  bool has_work_ = false, is_over_ = false;
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace rq::serve
