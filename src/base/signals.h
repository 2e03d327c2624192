#pragma once
// Stopping on request: SIGTERM and SIGINT set a flag that long loops look at between two steps;
// they save and throw Interrupted, which main turns into exit code 75. A second signal ends the
// process at once. Signals that would end the process where a write fails are turned off.

#include <exception>

namespace rq {

// Installs the handlers; called once, by main.
void catch_stop_signals();

// A write past a limit on file sizes (SIGXFSZ) or into a closed pipe (SIGPIPE) then fails as one on
// a full disk does, with a sentence, and a run goes on when its terminal or pager is gone. Called
// once, by main; a program that is started from here has to get the defaults back.
void ignore_write_signals();

// Whether the process was asked to stop. Cheap; any thread.
bool stop_requested();
// Asks as a signal would; for tests. `false` takes it back.
void request_stop(bool stop = true);

// Thrown by a loop that has saved its state.
struct Interrupted : std::exception {
  const char* what() const noexcept override { return "stopped on request, all work is saved"; }
};

// Throws Interrupted where a stop was requested: for loops that have nothing of their own to save.
void throw_if_stopped();

}  // namespace rq
