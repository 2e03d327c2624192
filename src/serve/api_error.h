#pragma once
// What a client did wrong, in the form of OpenAI's API.

#include <stdexcept>
#include <string>
#include <utility>

#include "base/json.h"

namespace rq::serve {

class ApiError : public std::runtime_error {
 public:
  // `parameter` names the member that is wrong; empty where it is none.
  ApiError(int status, const std::string& message, std::string parameter = {})
      : std::runtime_error(message), status_(status), parameter_(std::move(parameter)) {}

  int status() const { return status_; }
  Json body() const {
    const char* const type = status_ == 401   ? "authentication_error"
                             : status_ == 429 ? "rate_limit_error"
                             : status_ >= 500 ? "server_error"
                                              : "invalid_request_error";
    return {{"error",
             {{"message", what()},
              {"type", type},
              {"param", parameter_.empty() ? Json() : Json(parameter_)},
              {"code", status_}}}};
  }

 private:
  int status_;
  std::string parameter_;
};

}  // namespace rq::serve
