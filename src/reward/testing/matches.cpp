#include "reward/testing/matches.h"

// GCC 12 takes the inside of std::regex for uninitialised where the sanitizers are on; its header
// must come after this.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"

#include <cstddef>
#include <map>
#include <regex>
#include <string>
#include <vector>

namespace rq::reward {
namespace {

const std::regex& compiled(const std::string& pattern) {
  static std::map<std::string, std::regex> all;  // compiling takes longer than searching
  return all.try_emplace(pattern, pattern).first->second;
}

}  // namespace

Groups match(const std::string& text, const std::string& pattern) {
  std::smatch found;
  std::regex_search(text, found, compiled(pattern));
  return {found.begin(), found.end()};
}

std::vector<Groups> matches(const std::string& text, const std::string& pattern) {
  std::vector<Groups> all;
  for (std::sregex_iterator i(text.begin(), text.end(), compiled(pattern)), end; i != end; ++i) {
    all.emplace_back(i->begin(), i->end());
  }
  return all;
}

std::vector<std::string> parts(const std::string& text, const std::string& between) {
  std::vector<std::string> all;
  std::size_t begin = 0;
  for (std::size_t end = text.find(between); end != std::string::npos;
       end = text.find(between, begin)) {
    all.push_back(text.substr(begin, end - begin));
    begin = end + between.size();
  }
  all.push_back(text.substr(begin));
  return all;
}

}  // namespace rq::reward
