#include "data/internal/domain_stream.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/format.h"
#include "base/rng.h"

namespace rq::data {
namespace {

constexpr std::int64_t kStride = 64;  // of Epoch::starts: memory against steps to a document
// 4 MiB of order; reads of a larger corpus stay within some GB of it.
constexpr std::int64_t kMostStretchRows = 1 << 20;

}  // namespace

DomainStream::DomainStream(std::string name,
                           std::shared_ptr<const TokenFolder> folder,
                           std::vector<std::uint32_t> members,
                           std::uint64_t seed,
                           std::int64_t sequence_length,
                           Windows windows)
    : name_(std::move(name)),
      folder_(std::move(folder)),
      members_(std::move(members)),
      seed_(seed),
      sequence_length_(sequence_length),
      kind_(windows) {
  for (const std::uint32_t document : members_) {
    epoch_tokens_ += folder_->length(document);
  }
  const std::int64_t epoch_windows =
      kind_ == Windows::kDocuments ? documents()
                                   : (epoch_tokens_ + sequence_length_ - 1) / sequence_length_;
  stretch_rows_ = std::min(epoch_windows, kMostStretchRows);
}

const DomainStream::Epoch& DomainStream::epoch(std::int64_t index) {
  Epoch& epoch = epochs_[index];
  if (epoch.order.empty()) {
    epoch.order = members_;
    Rng(seed_, fmt::format("data/order/{}/epoch-{}", name_, index)).shuffle(epoch.order);
    std::int64_t start = 0;
    for (std::int64_t rank = 0; rank < documents(); ++rank) {
      if (rank % kStride == 0) {
        epoch.starts.push_back(start);
      }
      start += folder_->length(epoch.order[static_cast<std::size_t>(rank)]);
    }
  }
  return epoch;
}

std::int64_t DomainStream::window_of(std::int64_t row) {
  const std::int64_t stretch = row / stretch_rows_;
  if (stretch != stretch_) {
    stretch_ = stretch;
    windows_.resize(static_cast<std::size_t>(stretch_rows_));
    std::iota(windows_.begin(), windows_.end(), 0);
    Rng(seed_, fmt::format("data/rows/{}/{}", name_, stretch)).shuffle(windows_);
    const std::int64_t first = kind_ == Windows::kDocuments
                                   ? stretch * stretch_rows_ / documents()
                                   : stretch * stretch_rows_ * sequence_length_ / epoch_tokens_;
    epochs_.erase(epochs_.begin(), epochs_.lower_bound(first));
  }
  return stretch * stretch_rows_ + windows_[static_cast<std::size_t>(row % stretch_rows_)];
}

DomainStream::Place DomainStream::place_of(std::int64_t window) {
  if (kind_ == Windows::kDocuments) {
    return {window / documents(), window % documents(), 0};
  }
  const std::int64_t begin = window * sequence_length_;  // in tokens of all epochs
  const std::int64_t at_epoch = begin / epoch_tokens_, offset = begin % epoch_tokens_;
  const auto& starts = epoch(at_epoch).starts;
  const auto mark = std::ranges::upper_bound(starts, offset) - starts.begin() - 1;
  return {at_epoch, mark * kStride, offset - starts[static_cast<std::size_t>(mark)]};
}

void DomainStream::read(std::int64_t row, std::span<std::int32_t> to) {
  auto [at_epoch, rank, offset] = place_of(window_of(row));
  for (std::size_t filled = 0; filled < to.size();) {
    const std::uint32_t document = epoch(at_epoch).order[static_cast<std::size_t>(rank)];
    const std::int64_t rest = folder_->length(document) - offset;
    if (rest > 0) {
      const std::size_t length = std::min(to.size() - filled, static_cast<std::size_t>(rest));
      folder_->read(document, offset, to.subspan(filled, length));
      filled += length;
    }
    offset = std::max<std::int64_t>(-rest, 0);
    if (++rank == documents()) {
      rank = 0;
      ++at_epoch;
    }
  }
}

}  // namespace rq::data
