#include "train/metrics.h"

#include <array>
#include <bit>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "base/files.h"
#include "base/format.h"

namespace rq::train {
namespace {

// CRC-32C (Castagnoli), reflected, as TFRecord files use it.
std::uint32_t crc32c(std::string_view bytes) {
  std::uint32_t crc = ~0U;
  for (const char byte : bytes) {
    crc ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc >> 1) ^ (0x82f63b78U & (0U - (crc & 1U)));
    }
  }
  return ~crc;
}

std::uint32_t masked_crc(std::string_view bytes) {
  return std::rotr(crc32c(bytes), 15) + 0xa282ead8U;
}

template <typename T>
std::string little_endian(T value) {
  std::array<char, sizeof(T)> bytes{};
  std::memcpy(bytes.data(), &value, sizeof(T));
  return {bytes.data(), bytes.size()};
}

// Protocol-buffer wire format: a field's tag is its number and type.
enum class Wire : std::uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

std::string varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) {
    bytes += static_cast<char>(value | 0x80);
  }
  return bytes + static_cast<char>(value);
}

std::string tag(std::uint32_t field, Wire wire) {
  return varint(field << 3 | static_cast<std::uint32_t>(wire));
}

std::string bytes_field(std::uint32_t field, std::string_view bytes) {
  return tag(field, Wire::kBytes) + varint(bytes.size()) + std::string(bytes);
}

std::string record(std::string_view message) {
  const std::string length = little_endian<std::uint64_t>(message.size());
  return length + little_endian(masked_crc(length)) + std::string(message) +
         little_endian(masked_crc(message));
}

double now_s() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

void append_bytes(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary | std::ios::app)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace

std::string event_file_header(double wall_time_s) {
  return record(tag(1, Wire::kFixed64) + little_endian(wall_time_s) +
                bytes_field(3, "brain.Event:2"));
}

std::string event_record(double wall_time_s, int64_t step, const Scalars& scalars) {
  std::string summary;
  for (const auto& [name, value] : scalars) {
    const std::string simple_value =
        tag(2, Wire::kFixed32) + little_endian(static_cast<float>(value));
    summary += bytes_field(1, bytes_field(1, name) + simple_value);
  }
  return record(tag(1, Wire::kFixed64) + little_endian(wall_time_s) + tag(2, Wire::kVarint) +
                varint(static_cast<std::uint64_t>(step)) + bytes_field(5, summary));
}

void keep_steps(const std::filesystem::path& lines, int64_t last_step) {
  std::string kept;
  if (std::filesystem::exists(lines)) {
    std::ifstream file(lines);
    for (std::string line; std::getline(file, line);) {
      const Json value = Json::parse(
          line, nullptr, /*allow_exceptions=*/false);  // a killed process may leave half a line
      if (value.is_object() && value.value("step", int64_t{0}) <= last_step) {
        kept += line + "\n";
      }
    }
  }
  write_file(lines, kept);
}

Metrics::Metrics(const std::filesystem::path& folder, int64_t last_step)
    : lines_(folder / "metrics.jsonl") {
  keep_steps(lines_, last_step);
  // One event file an attempt, as TensorBoard expects: it shows the latest of a step's values.
  events_ = folder / fmt::format("events.out.tfevents.{:.0f}.rorqual", now_s() * 1e3);
  append_bytes(events_, event_file_header(now_s()));
}

void Metrics::write(int64_t step, const Scalars& scalars, const Json& extra) {
  Json line{{"step", step}};
  for (const auto& [name, value] : scalars) {
    line[name] = value;
  }
  line.update(extra);
  append_line(lines_, line.dump());
  append_bytes(events_, event_record(now_s(), step, scalars));
}

}  // namespace rq::train
