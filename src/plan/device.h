#pragma once
// What a plan knows of a device: peaks, memory, links, power and price. Those of devices.toml are
// part of the program; others come from a file of the same form.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/config_node.h"

namespace rq::plan {

struct Device {
  static constexpr std::array<std::string_view, 2> kRequired = {"title", "memory_gb"};
  std::string title = {};
  double fp32_tflops = 0;  // dense peaks, in 10^12 operations a second; 0: not to be had
  double bf16_tflops = 0;
  double fp8_tflops = 0;
  double memory_gb = 0;  // 10^9 bytes
  double memory_gb_per_s = 0;
  double node_gb_per_s = 0;     // to a device of the same node, one way
  double network_gb_per_s = 0;  // to one of another node, one way
  int64_t devices_a_node = 1;
  double watts = 0;       // of the board, at most
  double node_watts = 0;  // of a whole node, at most; 0: what the boards draw
  double dollars_per_hour = 0;
  double program_gb = 2;  // taken before anything of the network lies in memory
  double judging_s = 0;   // for an answer that is a program to be run; 0: nothing is reckoned
  std::string source = {};

  template <typename Visit>
  void each(Visit&& visit) {
    visit("title", title);
    visit("fp32_tflops", fp32_tflops);
    visit("bf16_tflops", bf16_tflops);
    visit("fp8_tflops", fp8_tflops);
    visit("memory_gb", memory_gb);
    visit("memory_gb_per_s", memory_gb_per_s);
    visit("node_gb_per_s", node_gb_per_s);
    visit("network_gb_per_s", network_gb_per_s);
    visit("devices_a_node", devices_a_node);
    visit("watts", watts);
    visit("node_watts", node_watts);
    visit("dollars_per_hour", dollars_per_hour);
    visit("program_gb", program_gb);
    visit("judging_s", judging_s);
    visit("source", source);
  }
  std::vector<std::string> problems() const;

  double memory_bytes() const { return 1e9 * memory_gb; }
  // Of matrices that may be narrow, and of what has to be wider: the best peak that there is.
  double matrix_flops_per_s() const;
  double wide_flops_per_s() const;
  // Of one device with its share of the node.
  double kilowatts() const;
  // Of the narrowest link between so many devices that stand next to each other; infinite for one.
  double bytes_per_s_among(int64_t devices) const;
};

struct NamedDevice {
  std::string name;
  Device device;
};

// Those of devices.toml.
std::vector<NamedDevice> known_devices();
// Tables [device.NAME] of a TOML text; `origin` is its name in messages.
std::vector<NamedDevice> read_devices(std::string_view text, std::string_view origin);

// So many of one device.
struct Cluster {
  std::string name = {};  // "h800"
  Device device = {};
  int64_t devices = 1;
};

// "h800:2048", "4090". An Error names the devices there are.
Cluster parse_cluster(std::string_view text, const std::vector<NamedDevice>& devices);

}  // namespace rq::plan
