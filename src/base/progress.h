#pragma once
// A progress bar on standard error: one line that is redrawn on a terminal, and a plain line every
// few seconds elsewhere.
//
//   Progress bar("pretrain", total_tokens, "tokens");
//   bar.update(tokens_so_far, "loss 3.21 | 41% of limit");
//   bar.finish();
//
// Nothing is drawn before half a second has passed, so that short work stays silent. One thread at
// a time.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace rq {

class Progress {
 public:
  // `total` in `unit`s; 0 where it is not known (then no share and no time left is shown).
  Progress(std::string_view title, std::int64_t total, std::string_view unit);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // `done` is absolute; `note` is shown at the end of the line.
  void update(std::int64_t done, std::string_view note = {});
  // Work that an earlier process did: counts as done, but not towards the rate.
  void resume_at(std::int64_t done);
  // Leaves a last line standing. Called by the destructor if forgotten.
  void finish();

 private:
  void draw(std::int64_t done, std::string_view note, bool last);

  std::string title_, unit_, note_;
  std::int64_t total_ = 0, start_ = 0, done_ = 0;
  std::chrono::steady_clock::time_point began_, drawn_;
  bool is_terminal_ = false, has_drawn_ = false, is_finished_ = false;
};

// "3h 12m", "4m 05s", "12.3 s".
std::string format_duration(double seconds);
// "1.2K", "3.4M", "5.6B" of a count.
std::string format_count(double count);
// "1.2 GiB".
std::string format_bytes(double bytes);

}  // namespace rq
