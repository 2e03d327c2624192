#pragma once
// Which page holds what: pages are held by the sequences that read them, those that hold a
// beginning of a prompt serve every prompt that begins the same way, and what nobody holds stays
// until its place is needed, the longest unused first. No torch.
//
// The kept pages are a tree: a page is known by the page before it and its own tokens, which are
// compared in full, so that no two prompts are ever mistaken for each other.

#include <array>
#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "generate/page_tokens.h"

namespace rq::generate {

class PagePool {
 public:
  explicit PagePool(std::int64_t pages);

  // The pages that hold the longest known beginning of `tokens`, whole pages only, in order; each
  // is now held once more.
  std::vector<std::int32_t> reuse(std::span<const std::int32_t> tokens);

  // A page to be written, held once; nothing where all are held.
  std::optional<std::int32_t> take();

  // From now on `page`, whose positions hold `tokens` (kPageTokens of them) behind those of
  // `before` (the page before it, or none), serves others. Nothing changes where such a page is
  // known. REQUIRES that the caller holds both and writes neither again.
  void publish(std::int32_t page,
               std::optional<std::int32_t> before,
               std::span<const std::int32_t> tokens);

  // Gives back one hold.
  void release(std::int32_t page);

  std::int64_t held() const { return held_; }  // pages that somebody holds
  std::int64_t size() const { return static_cast<std::int64_t>(pages_.size()); }
  // How many take() could give out.
  std::int64_t available() const { return size() - held_; }

 private:
  static constexpr std::int32_t kNone = -1;
  struct Key {
    std::int32_t before;
    std::array<std::int32_t, kPageTokens> tokens;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };
  struct Page {
    std::int64_t holds = 0;
    std::int64_t children = 0;                     // known pages behind this one
    std::optional<Key> key = std::nullopt;         // where it is known
    std::list<std::int32_t>::iterator place = {};  // in unused_, where nobody holds it
  };

  void hold(std::int32_t page);
  void forget(std::int32_t page);

  std::vector<Page> pages_;
  std::unordered_map<Key, std::int32_t, KeyHash> known_;
  // Pages that nobody holds: first those that hold nothing, then by their last use. A page stands
  // behind its children, so that the tree loses leaves first.
  std::list<std::int32_t> unused_;
  std::int64_t held_ = 0;
};

}  // namespace rq::generate
