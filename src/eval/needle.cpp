#include "eval/needle.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/config.h"
#include "base/format.h"
#include "eval/interval.h"

namespace rq::eval {
namespace {

std::vector<NeedlePlace> all_places(const NeedleConfig& config) {
  std::vector<NeedlePlace> places;
  for (const Variant variant : config.variants) {
    for (const std::int64_t length : config.lengths) {
      for (const double depth : config.depths) {
        places.push_back({.variant = variant, .length = length, .depth = depth});
      }
    }
  }
  return places;
}

NeedleCell search_cell(const Answerer& answerer,
                       const PromptMaker& prompts,
                       const NeedleConfig& config,
                       const NeedlePlace& place,
                       const std::function<void(std::int64_t trials)>& report) {
  NeedleCell cell{.place = place, .trials = config.needles};
  const std::int64_t together =
      std::clamp<std::int64_t>(config.batch_tokens / place.length, 1, config.needles);
  std::vector<Prompt> batch;
  for (std::int64_t first = 0; first < config.needles; first += together) {
    const std::int64_t end = std::min(first + together, config.needles);
    batch.clear();
    for (std::int64_t number = first; number < end; ++number) {
      batch.push_back(prompts(place, number));
      cell.mean_depth += batch.back().depth / static_cast<double>(config.needles);
    }
    for (const Verdict& verdict : answerer(batch)) {
      cell.hits_by_probability += verdict.by_probability ? 1 : 0;
      cell.hits_by_generation += verdict.by_generation ? 1 : 0;
    }
    report(end);
  }
  return cell;
}

// "2048 tokens 97 % (depths 95-100 %)" of the cells of one variant and length.
std::string describe_depths(std::span<const NeedleCell> cells) {
  std::int64_t hits = 0, trials = 0, worst = 100, best = 0;
  for (const NeedleCell& cell : cells) {
    hits += cell.hits_by_generation;
    trials += cell.trials;
    const std::int64_t share = percent(cell.hits_by_generation, cell.trials);
    worst = std::min(worst, share);
    best = std::max(best, share);
  }
  std::string text =
      fmt::format("{} tokens {} %", cells.front().place.length, percent(hits, trials));
  if (worst != best) {
    text += fmt::format(" (depths {}-{} %)", worst, best);
  }
  return text;
}

}  // namespace

NeedleMap search(const Answerer& answerer,
                 const PromptMaker& prompts,
                 const NeedleConfig& config,
                 const NeedleReport& report) {
  const std::vector<NeedlePlace> places = all_places(config);
  std::int64_t done = 0, total = 0;
  for (const NeedlePlace& place : places) {
    prompts.check_fits(place);
    total += config.needles * place.length;
  }
  NeedleMap map{.config = config, .cells = {}};
  for (const NeedlePlace& place : places) {
    map.cells.push_back(search_cell(answerer, prompts, config, place, [&](std::int64_t trials) {
      if (report) {
        report(done + trials * place.length, total);
      }
    }));
    done += config.needles * place.length;
  }
  return map;
}

NeedleMap probe(const model::Model& model,
                const tokenizer::Tokenizer& tokenizer,
                std::string_view haystack,
                const NeedleConfig& config,
                const NeedleReport& report) {
  const NeedleConfig resolved = resolve(config, model.config.context);
  return search(
      ask(model, tokenizer), PromptMaker(tokenizer, haystack, resolved), resolved, report);
}

std::string describe(const NeedleMap& map) {
  const std::size_t depths = map.config.depths.size();
  const std::span<const NeedleCell> cells = map.cells;
  std::string text = "needle:";
  for (std::size_t at = 0; at < cells.size(); at += depths) {
    const Variant variant = cells[at].place.variant;
    const bool is_first = at == 0 || variant != cells[at - depths].place.variant;
    text += at == 0 ? " " : is_first ? "; " : ", ";
    if (is_first && variant != Variant::kSingle) {
      text += fmt::format("{}, ", enum_name(variant));
    }
    text += describe_depths(cells.subspan(at, depths));
  }
  return text;
}

}  // namespace rq::eval
