#include "generate/page_pool.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/rng.h"

namespace rq::generate {

std::size_t PagePool::KeyHash::operator()(const Key& key) const {
  auto hash = static_cast<std::uint64_t>(key.before);
  for (const std::int32_t token : key.tokens) {
    hash = mix64(hash + 0x9e3779b97f4a7c15ULL) ^ static_cast<std::uint64_t>(token);
  }
  return mix64(hash);
}

PagePool::PagePool(std::int64_t pages) : pages_(static_cast<std::size_t>(pages)) {
  for (std::int32_t page = 0; page < pages; ++page) {
    pages_[static_cast<std::size_t>(page)].place = unused_.insert(unused_.end(), page);
  }
}

void PagePool::hold(std::int32_t page) {
  Page& entry = pages_[static_cast<std::size_t>(page)];
  if (entry.holds++ == 0) {
    unused_.erase(entry.place);
    ++held_;
  }
}

void PagePool::release(std::int32_t page) {
  Page& entry = pages_[static_cast<std::size_t>(page)];
  assert(entry.holds > 0);
  if (--entry.holds == 0) {
    entry.place = unused_.insert(entry.key ? unused_.end() : unused_.begin(), page);
    --held_;
  }
}

void PagePool::forget(std::int32_t page) {
  Page& entry = pages_[static_cast<std::size_t>(page)];
  if (entry.key) {
    if (entry.key->before != kNone) {
      --pages_[static_cast<std::size_t>(entry.key->before)].children;
    }
    known_.erase(*entry.key);
    entry.key.reset();
  }
}

std::vector<std::int32_t> PagePool::reuse(std::span<const std::int32_t> tokens) {
  std::vector<std::int32_t> found;
  Key key{.before = kNone, .tokens = {}};
  for (; tokens.size() >= kPageTokens; tokens = tokens.subspan(kPageTokens)) {
    std::copy_n(tokens.begin(), kPageTokens, key.tokens.begin());
    const auto page = known_.find(key);
    if (page == known_.end()) {
      break;
    }
    hold(page->second);
    found.push_back(page->second);
    key.before = page->second;
  }
  return found;
}

std::optional<std::int32_t> PagePool::take() {
  // A holder of a page holds those before it, so that an unused page has unused pages behind it at
  // most, of which one is a leaf.
  const auto leaf = std::ranges::find_if(unused_, [this](std::int32_t page) {
    return pages_[static_cast<std::size_t>(page)].children == 0;
  });
  if (leaf == unused_.end()) {
    return std::nullopt;
  }
  const std::int32_t page = *leaf;
  forget(page);
  hold(page);
  return page;
}

void PagePool::publish(std::int32_t page,
                       std::optional<std::int32_t> before,
                       std::span<const std::int32_t> tokens) {
  assert(tokens.size() == kPageTokens);
  if (before && !pages_[static_cast<std::size_t>(*before)].key) {
    return;  // the page before it is a double of a known one: nobody would come this way
  }
  Key key{.before = before.value_or(kNone), .tokens = {}};
  std::copy_n(tokens.begin(), kPageTokens, key.tokens.begin());
  if (!known_.try_emplace(key, page).second) {
    return;
  }
  pages_[static_cast<std::size_t>(page)].key = key;
  if (before) {
    ++pages_[static_cast<std::size_t>(*before)].children;
  }
}

}  // namespace rq::generate
