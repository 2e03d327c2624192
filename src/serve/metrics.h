#pragma once
// What the server counts, as Prometheus reads it.

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "serve/model_host.h"

namespace rq::serve {

class Metrics {
 public:
  // An HTTP request was answered; any thread. Unknown paths share one name.
  void count(const std::string& path, int status);

  std::string text(const std::vector<std::unique_ptr<ModelHost>>& models) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::pair<std::string, int>, std::int64_t> requests_;
};

}  // namespace rq::serve
