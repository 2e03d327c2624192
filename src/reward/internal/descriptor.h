#pragma once
// Descriptors that close themselves and that no other program inherits. All are kFirstFree or
// above, so that a program that is started can be given its own as 0, 1, 2 ... without a collision.

#include <string_view>
#include <utility>

namespace rq::reward {

inline constexpr int kFirstFree = 16;

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int value) : value_(value) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  bool is_open() const { return value_ >= 0; }
  int get() const { return value_; }

 private:
  int value_ = -1;
};

struct Pipe {
  Descriptor read;  // does not block
  Descriptor write;
};
Pipe make_pipe();

// An empty file without a name.
Descriptor memory_file();

// One that holds `bytes`, read from its beginning; nobody can change it any more.
Descriptor sealed_file(std::string_view bytes);

}  // namespace rq::reward
