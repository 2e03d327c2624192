// rorqual review: people judge what a model wrote before it becomes training data.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "apps/verbs.h"
#include "base/check.h"
#include "base/files.h"
#include "base/format.h"
#include "review/as_json.h"
#include "review/queue.h"
#include "review/server.h"

namespace rq {
namespace {

namespace fs = std::filesystem;

struct ReviewOptions {
  std::string run, process, add, export_to;
  bool shows_progress = false;
  review::QueueConfig queue;
  review::ServerConfig server;
};

fs::path queue_of(const fs::path& run, const std::string& process) {
  return run / "work" / process / "review.sqlite";
}

// The process whose queue is meant: the one that is named, or the only one that has a queue.
std::string find_process(const fs::path& run, const std::string& named) {
  check(fs::is_directory(run), "there is no run folder {}", run.string());
  std::vector<std::string> processes;
  if (fs::is_directory(run / "work")) {
    for (const auto& entry : fs::directory_iterator(run / "work")) {
      if (fs::exists(entry.path() / "review.sqlite")) {
        processes.push_back(entry.path().filename().string());
      }
    }
  }
  std::ranges::sort(processes);
  check(!processes.empty(),
        "{} has nothing to review: no work/PROCESS/review.sqlite is in it",
        run.string());
  const std::string all = fmt::format("{}", fmt::join(processes, ", "));
  if (named.empty()) {
    check(processes.size() == 1,
          "{} has several processes with something to review: choose by --process one of {}",
          run.string(),
          all);
    return processes.front();
  }
  check(std::ranges::find(processes, named) != processes.end(),
        "the process {} of {} has nothing to review; there are {}",
        named,
        run.string(),
        all);
  return named;
}

void add_items(const ReviewOptions& options) {
  check(!options.process.empty(), "--add needs --process: whose queue the items are for");
  std::vector<review::Item> items;
  std::istringstream lines(read_file(options.add));
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (!line.empty()) {
      items.push_back(review::read_item(line, fmt::format("{}:{}", options.add, number)));
    }
  }
  const fs::path path = queue_of(options.run, options.process);
  make_folder(path.parent_path());
  review::Queue queue(path, options.queue);
  queue.add(items);
  fmt::print("{} holds {} items\n", path.string(), queue.progress().items());
}

void export_accepted(const review::Queue& queue, const std::string& file) {
  const std::vector<review::Accepted> accepted = queue.accepted();
  write_file(file, review::training_lines(accepted));
  fmt::print("{} accepted conversations in {}{}\n",
             accepted.size(),
             file,
             queue.is_complete() ? "" : "; not all items are decided yet");
}

void serve_queue(const ReviewOptions& options, const std::string& process, review::Queue& queue) {
  review::ServerConfig config = options.server;
  config.title =
      fmt::format("{}, process {}", fs::canonical(options.run).filename().string(), process);
  review::Server server(config, queue);
  fmt::print("review of {} at http://127.0.0.1:{}/; Ctrl-C ends it, what is judged is saved\n",
             process,
             server.port());
  std::fflush(stdout);
  server.run();
  fmt::print("{}", review::as_text(queue.progress()));
}

void run_review(const ReviewOptions& options) {
  options.queue.validate();
  options.server.validate();
  if (!options.add.empty()) {
    add_items(options);
    return;
  }
  const std::string process = find_process(options.run, options.process);
  review::Queue queue(queue_of(options.run, process), options.queue);
  if (!options.export_to.empty()) {
    export_accepted(queue, options.export_to);
  } else if (options.shows_progress) {
    std::cout << review::as_text(queue.progress());
  } else {
    serve_queue(options, process, queue);
  }
}

}  // namespace

void add_review(CLI::App& app) {
  const auto options = std::make_shared<ReviewOptions>();  // lives as long as the callback
  CLI::App* const verb = app.add_subcommand(
      "review",
      "Serves a page on this machine on which people judge what a model wrote before it becomes\n"
      "training data: accept, edit, reject, flag. Each verdict is saved at once. Several people\n"
      "may have the page open, each under their own name. Ctrl-C or SIGTERM ends it.");
  verb->add_option("RUN", options->run, "A run folder, such as runs/chat")->required();
  verb->add_option("--process", options->process, "Whose queue, where the run has several");
  verb->add_option("--port", options->server.port, "0: any that is free")->capture_default_str();
  CLI::Option* const progress = verb->add_flag(
      "--progress", options->shows_progress, "Says how far the review is, and serves nothing");
  CLI::Option* const to =
      verb->add_option("--export",
                       options->export_to,
                       "Writes the accepted conversations there, {\"messages\": [...]} a line")
          ->excludes(progress);
  verb->add_option("--add",
                   options->add,
                   "Puts the items of a file into the queue of --process, a line each: {\"id\", "
                   "\"messages\", \"candidates\": [{\"text\", \"origin\"}]}")
      ->excludes(progress)
      ->excludes(to);
  verb->add_option(
          "--overlap", options->queue.overlap, "Share of the items of --add that two people judge")
      ->capture_default_str();
  verb->footer(
      "An item is decided by the majority of accept or edit against reject; where two people\n"
      "disagree a third is asked. From another machine: ssh -L 8010:localhost:8010 HOST, and open\n"
      "http://localhost:8010/ there.");
  verb->callback([options] { run_review(*options); });
}

}  // namespace rq
