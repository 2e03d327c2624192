#include "data/internal/domain_stream.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/format.h"
#include "base/rng.h"

namespace rq::data {

DomainStream::DomainStream(std::string name,
                           std::shared_ptr<const TokenFolder> folder,
                           std::vector<std::uint32_t> members,
                           std::uint64_t seed)
    : name_(std::move(name)),
      folder_(std::move(folder)),
      members_(std::move(members)),
      seed_(seed) {
  for (const std::uint32_t document : members_) {
    epoch_tokens_ += folder_->length(document);
  }
}

std::int64_t DomainStream::document_at(const Cursor& cursor) {
  auto& order = orders_[cursor.epoch];
  if (order.empty()) {
    order = members_;
    Rng(seed_, fmt::format("data/order/{}/epoch-{}", name_, cursor.epoch)).shuffle(order);
  }
  return order[static_cast<std::size_t>(cursor.rank)];
}

std::int64_t DomainStream::step(Cursor& cursor, std::int64_t most) {
  const std::int64_t rest = folder_->length(document_at(cursor)) - cursor.offset;
  if (most < rest) {
    cursor.offset += most;
    return most;
  }
  cursor.offset = 0;
  if (++cursor.rank == documents()) {
    cursor.rank = 0;
    ++cursor.epoch;
  }
  return rest;
}

void DomainStream::read(std::span<std::int32_t> to, std::int64_t advance) {
  Cursor cursor = cursor_;
  for (std::size_t filled = 0; filled < to.size();) {
    const Cursor before = cursor;
    const auto length =
        static_cast<std::size_t>(step(cursor, static_cast<std::int64_t>(to.size() - filled)));
    folder_->read(document_at(before), before.offset, to.subspan(filled, length));
    filled += length;
  }
  while (advance > 0) {
    advance -= step(cursor_, advance);
  }
  orders_.erase(orders_.begin(), orders_.lower_bound(cursor_.epoch));
}

void DomainStream::seek(std::int64_t position) {
  cursor_ = {.epoch = position / epoch_tokens()};
  orders_.clear();
  for (std::int64_t rest = position % epoch_tokens(); rest > 0;) {
    rest -= step(cursor_, rest);
  }
}

}  // namespace rq::data
