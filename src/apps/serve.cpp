// rorqual serve: OpenAI's API for models in folders.

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "apps/verbs.h"
#include "base/check.h"
#include "base/files.h"
#include "base/format.h"
#include "serve/model_host.h"
#include "serve/server.h"

namespace rq {
namespace {

namespace fs = std::filesystem;

struct ServeOptions {
  std::vector<std::string> models;
  std::string key_file;
  serve::ServerConfig server;
  std::int64_t cache_tokens = 0, most_running = 256;
};

// NAME=FOLDER, or a folder, whose last part is the name.
std::pair<std::string, fs::path> name_and_folder(const std::string& given) {
  const std::size_t equals = given.find('=');
  if (equals != std::string::npos && !fs::exists(given)) {
    return {given.substr(0, equals), given.substr(equals + 1)};
  }
  const fs::path folder = fs::path(given).lexically_normal();
  return {(folder.has_filename() ? folder : folder.parent_path()).filename().string(), folder};
}

std::string read_key(const std::string& file) {
  if (file.empty()) {
    const char* const key = std::getenv("RORQUAL_KEY");
    return key == nullptr ? "" : key;
  }
  std::string key = read_file(file);
  while (!key.empty() && (key.back() == '\n' || key.back() == '\r')) {
    key.pop_back();
  }
  check(!key.empty(), "{} holds no key", file);
  return key;
}

void serve_models(ServeOptions options) {
  options.server.key = read_key(options.key_file);
  const std::vector<std::string> problems = options.server.problems();
  check(problems.empty(), "{}", fmt::join(problems, "; "));
  std::vector<std::unique_ptr<serve::ModelHost>> models;
  for (const std::string& given : options.models) {
    const auto [name, folder] = name_and_folder(given);
    for (const auto& other : models) {
      check(other->name() != name, "two models have the name {}: write NAME=FOLDER", name);
    }
    models.push_back(std::make_unique<serve::ModelHost>(
        name,
        folder,
        generate::EngineConfig{.cache_tokens = options.cache_tokens,
                               .most_running = options.most_running}));
  }
  std::vector<std::string> names;
  for (const auto& model : models) {
    names.push_back(model->name());
  }
  serve::Server server(options.server, std::move(models));
  const std::string host = options.server.host.find(':') == std::string::npos
                               ? options.server.host
                               : "[" + options.server.host + "]";
  fmt::print("serving {0} at http://{1}:{2}/v1; a page to chat on: http://{1}:{2}/\n",
             fmt::join(names, ", "),
             host,
             server.port());
  std::cout.flush();
  std::fflush(stdout);
  server.run();
  fmt::print("stopped\n");
}

}  // namespace

void add_serve(CLI::App& app) {
  const auto options = std::make_shared<ServeOptions>();  // lives as long as the callback
  CLI::App* const verb = app.add_subcommand(
      "serve",
      "Serves models through OpenAI's API: /v1/completions, /v1/chat/completions, /v1/models,\n"
      "/v1/tokenize, /health and /metrics. Ctrl-C or SIGTERM ends it when what is under way is "
      "done.");
  verb->add_option(
          "--model", options->models, "Folder in Hugging Face layout, or NAME=FOLDER; several")
      ->required();
  verb->add_option(
          "--host", options->server.host, "Address; on another than loopback a key is needed")
      ->capture_default_str();
  verb->add_option("--port", options->server.port, "0: any that is free")->capture_default_str();
  verb->add_option(
      "--key-file", options->key_file, "File with the key that clients must show; or RORQUAL_KEY");
  verb->add_option("--cache-tokens",
                   options->cache_tokens,
                   "Tokens that all answers together remember; 0: 8 contexts' worth")
      ->capture_default_str();
  verb->add_option("--most-running", options->most_running, "Answers under way at once")
      ->capture_default_str();
  verb->add_option(
          "--most-requests", options->server.most_requests, "Under way and waiting; then 429")
      ->capture_default_str();
  verb->add_option(
          "--request-seconds", options->server.request_s, "After which a request is given up")
      ->capture_default_str();
  verb->footer(
      "Example:\n"
      "  rorqual serve --model runs/tiny/models/base\n"
      "  curl localhost:8000/v1/completions -H 'Content-Type: application/json' \\\n"
      "    -d '{\"prompt\": \"The sea\", \"max_tokens\": 40}'");
  verb->callback([options] { serve_models(*options); });
}

}  // namespace rq
