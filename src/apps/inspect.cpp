// rorqual inspect: what a network is made of and what it takes, from its config.json alone.

#include <cstdint>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

#include "apps/verbs.h"
#include "apps/with_commas.h"
#include "base/format.h"
#include "base/progress.h"
#include "model/config.h"
#include "model/hf_config.h"
#include "plan/flops.h"
#include "plan/parameters.h"

namespace rq {
namespace {

namespace fs = std::filesystem;

constexpr const char* kAbout =
    "Shows what a model is made of and what it takes: parameters by part, in all and activated by "
    "a\n"
    "token, the cache a token leaves, and the memory to load it. Reads config.json alone.";
constexpr const char* kFooter =
    "Activated: what one token's numbers depend on; of the routed experts the few it visits, and "
    "no\n"
    "selection biases. The prediction layers (MTP) can be left out after training, and stand "
    "apart.\n"
    "Operations are those of the products, averaged over the trained context; training counts the "
    "way back\n"
    "twice, and the prediction layers.\n";

std::string describe(const model::ModelConfig& config) {
  const model::AttentionConfig& attention = config.attention;
  std::string text = fmt::format("{} layers of width {}, vocabulary {}, context {}; ",
                                 config.layers,
                                 config.width,
                                 config.vocab_size,
                                 config.context);
  if (attention.kind == model::AttentionKind::kMla) {
    text += fmt::format("latent attention, {} heads, ranks {} (query) and {} (key-value)",
                        attention.heads,
                        attention.query_rank,
                        attention.kv_rank);
  } else {
    text += fmt::format("grouped-query attention, {} heads, {} key-value heads",
                        attention.heads,
                        attention.kv_heads);
  }
  if (config.moe.experts > 0) {
    text += fmt::format("; {} routed experts, a token visits {} and {} shared; {} dense layers",
                        config.moe.experts,
                        config.moe.top_k,
                        config.moe.shared_experts,
                        config.dense_layers);
  }
  return text;
}

std::string parameter_table(const model::ModelConfig& config) {
  const plan::ParameterCount count = plan::count_parameters(config);
  std::string text = fmt::format("{:<24}{:>20}{:>20}\n", "part", "parameters", "activated");
  const auto row = [&](std::string_view name, int64_t stored, int64_t activated) {
    if (stored > 0) {
      text +=
          fmt::format("{:<24}{:>20}{:>20}\n", name, with_commas(stored), with_commas(activated));
    }
  };
  const plan::Parts& all = count.stored;
  const plan::Parts& used = count.activated;
  row("embedding", all.embedding, used.embedding);
  row("attention", all.attention, used.attention);
  row("dense feed-forward", all.dense, used.dense);
  row("routed experts", all.experts, used.experts);
  row("shared experts", all.shared, used.shared);
  row("router", all.router, used.router);
  row("norms", all.norms, used.norms);
  row(config.has_tied_embeddings ? "head (the embedding)" : "head", all.head, used.head);
  row("total", all.total(), used.total());
  row(fmt::format("prediction layers ({})", config.mtp_layers),
      count.prediction,
      count.prediction_activated);
  return text;
}

std::string needs_table(const model::ModelConfig& config) {
  const plan::ParameterCount count = plan::count_parameters(config);
  std::string text = fmt::format("{:<24}{:>20}{:>20}\n", "", "bfloat16", "float32");
  const auto row = [&](std::string_view name, int64_t numbers) {
    const auto bytes = static_cast<double>(numbers);
    text +=
        fmt::format("{:<24}{:>20}{:>20}\n", name, format_bytes(2 * bytes), format_bytes(4 * bytes));
  };
  row("memory to load", count.stored.total());
  if (count.prediction > 0) {
    row("  with prediction layers", count.total());
  }
  row("cache a token", plan::cache_bytes(config, 1));
  row(fmt::format("cache of {} tokens", config.context),
      plan::cache_bytes(config, 1) * config.context);
  return text;
}

void inspect(const fs::path& path) {
  const fs::path config_json = fs::is_directory(path) ? path / "config.json" : path;
  const model::ModelConfig config = model::read_hf_config(config_json);
  const double forward = plan::forward_flops(config, config.context);
  const double training = plan::training_flops(config, config.context);
  std::cout << describe(config) << "\n\n"
            << parameter_table(config) << "\n"
            << needs_table(config) << "\n"
            << fmt::format("operations a token: {} forward, {} in training\n",
                           format_count(forward),
                           format_count(training));
}

}  // namespace

void add_inspect(CLI::App& app) {
  const auto path = std::make_shared<std::string>();  // lives as long as the callback
  CLI::App* verb = app.add_subcommand("inspect", kAbout);
  verb->add_option("CONFIG", *path, "A model folder, or a config.json")
      ->required()
      ->check(CLI::ExistingPath);
  verb->footer(kFooter);
  verb->callback([path] { inspect(*path); });
}

}  // namespace rq
