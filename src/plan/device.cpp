#include "plan/device.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/config.h"
#include "base/require.h"
#include "plan/embedded_files.h"

namespace rq::plan {

std::vector<std::string> Device::problems() const {
  Requirements all;
  all.require(memory_gb > 0, "memory_gb={} must be positive", memory_gb);
  all.require(fp32_tflops > 0 || bf16_tflops > 0,
              "fp32_tflops={} and bf16_tflops={}: one of them must be positive",
              fp32_tflops,
              bf16_tflops);
  all.require(devices_a_node >= 1, "devices_a_node={} must be 1 at least", devices_a_node);
  return all.take();
}

double Device::matrix_flops_per_s() const {
  return fp8_tflops > 0 ? 1e12 * fp8_tflops : wide_flops_per_s();
}

double Device::wide_flops_per_s() const {
  return 1e12 * (bf16_tflops > 0 ? bf16_tflops : fp32_tflops);
}

double Device::kilowatts() const {
  return (node_watts > 0 ? node_watts / static_cast<double>(devices_a_node) : watts) / 1000;
}

double Device::bytes_per_s_among(int64_t devices) const {
  if (devices <= 1) {
    return std::numeric_limits<double>::infinity();
  }
  return 1e9 * (devices <= devices_a_node ? node_gb_per_s : network_gb_per_s);
}

std::vector<NamedDevice> read_devices(std::string_view text, std::string_view origin) {
  const ConfigNode root = parse_toml(text, origin);
  Problems problems;
  check_keys(root, "", {"device"}, problems);
  const ConfigNode* const tables = root.find("device");
  check(tables != nullptr && tables->is_table(), "{} has no tables [device.NAME]", origin);
  std::vector<NamedDevice> devices;
  for (const auto& [name, node] : tables->entries()) {
    devices.push_back({name, read_config<Device>(node, "device." + name, problems)});
  }
  problems.throw_if_any();
  return devices;
}

std::vector<NamedDevice> known_devices() {
  const EmbeddedFile& file = embedded_files().front();
  return read_devices(file.bytes, file.name);
}

Cluster parse_cluster(std::string_view text, const std::vector<NamedDevice>& devices) {
  const std::size_t colon = text.find(':');
  const std::string name(text.substr(0, colon));
  Cluster cluster{.name = name};
  if (colon != std::string_view::npos) {
    const std::string_view count = text.substr(colon + 1);
    const auto [end, error] =
        std::from_chars(count.data(), count.data() + count.size(), cluster.devices);
    check(error == std::errc() && end == count.data() + count.size() && cluster.devices >= 1,
          "{}: {} is no number of devices",
          text,
          count);
  }
  std::vector<std::string> names;
  for (const NamedDevice& known : devices) {
    if (known.name == name) {
      cluster.device = known.device;
      return cluster;
    }
    names.push_back(known.name);
  }
  const auto near = nearest(name, names);
  fail("there is no device {}; {}",
       name,
       near ? fmt::format("did you mean {}?", *near)
            : fmt::format("there are {}", fmt::join(names, ", ")));
}

}  // namespace rq::plan
