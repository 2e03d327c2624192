#include "data/internal/source_tree.h"

#include <cstddef>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace rq::data {
namespace {

// The path that an import of the first path means in a tree of all of them; "" for none.
std::string resolved(const std::vector<std::string>& paths, const Import& import) {
  const auto found = SourceTree(paths).resolve(0, import);
  return found ? paths[*found] : "";
}

TEST(SourceTree, AnIncludeIsBesideTheFileOrWhereverAPathEndsSo) {
  EXPECT_EQ(resolved({"src/a.c", "other/b.h", "src/b.h"}, {.name = "b.h"}), "src/b.h");
  EXPECT_EQ(resolved({"src/x/a.c", "src/b.h"}, {.name = "../b.h"}), "src/b.h");
  EXPECT_EQ(resolved({"p/src/a.c", "q/include/lib/b.h", "p/include/lib/b.h", "p/b.h"},
                     {.name = "lib/b.h"}),
            "p/include/lib/b.h");
  EXPECT_EQ(resolved({"src/a.c", "src/xb.h"}, {.name = "b.h"}), "");
  EXPECT_EQ(resolved({"a.c"}, {.name = "a.c"}), "");
}

TEST(SourceTree, AnAbsoluteModuleIsNamedFromAboveItsPackages) {
  const std::vector<std::string> paths = {"lib/pkg/sub/a.py",
                                          "lib/pkg/__init__.py",
                                          "lib/pkg/sub/__init__.py",
                                          "lib/pkg/sub/json.py",
                                          "lib/pkg/b.py",
                                          "lib/json/__init__.py",
                                          "lib/json/decoder.py",
                                          "other/json.py"};
  EXPECT_EQ(resolved(paths, {.name = "json"}), "lib/json/__init__.py");
  EXPECT_EQ(resolved(paths, {.name = "json.decoder"}), "lib/json/decoder.py");
  EXPECT_EQ(resolved(paths, {.name = "json", .member = "decoder"}), "lib/json/decoder.py");
  EXPECT_EQ(resolved(paths, {.name = "json", .member = "loads"}), "lib/json/__init__.py");
  EXPECT_EQ(resolved(paths, {.name = "pkg.b"}), "lib/pkg/b.py");
  EXPECT_EQ(resolved(paths, {.name = "numpy"}), "");
}

TEST(SourceTree, RelativeModulesGoUpAPackageForEachFurtherDot) {
  const std::vector<std::string> paths = {
      "pkg/sub/a.py", "pkg/__init__.py", "pkg/b.py", "pkg/sub/b.py", "pkg/sub/c/__init__.py"};
  EXPECT_EQ(resolved(paths, {.name = ".b"}), "pkg/sub/b.py");
  EXPECT_EQ(resolved(paths, {.name = "..b", .member = "x"}), "pkg/b.py");
  EXPECT_EQ(resolved(paths, {.name = ".", .member = "c"}), "pkg/sub/c/__init__.py");
  EXPECT_EQ(resolved(paths, {.name = "..", .member = "x"}), "pkg/__init__.py");
  EXPECT_EQ(resolved(paths, {.name = "...", .member = "x"}), "");
}

TEST(SourceTree, APackageWithoutAnInitFileIsFoundFromTheFoldersAbove) {
  EXPECT_EQ(resolved({"tools/x/a.py", "tools/space/deep/m.py"}, {.name = "space.deep.m"}),
            "tools/space/deep/m.py");
}

TEST(SourceTree, AScriptPathIsTriedWithItsEndingsAndAsAFolder) {
  EXPECT_EQ(resolved({"src/a.ts", "src/b.ts"}, {.name = "./b"}), "src/b.ts");
  EXPECT_EQ(resolved({"src/a.ts", "src/b.ts"}, {.name = "./b.js"}), "src/b.ts");
  EXPECT_EQ(resolved({"src/a.js", "lib/b/index.js"}, {.name = "../lib/b"}), "lib/b/index.js");
  EXPECT_EQ(resolved({"src/a.js"}, {.name = "./b"}), "");
}

using Order = std::vector<std::size_t>;

TEST(NeededFirst, EachComesAfterWhatItNeedsAndNextToIt) {
  EXPECT_EQ(needed_first({{2, 1}, {}, {3}, {}, {}}), (Order{3, 2, 1, 0, 4}));
  EXPECT_EQ(needed_first({}), Order{});
}

TEST(NeededFirst, CyclesAreBrokenTheSameWayEachTime) {
  EXPECT_EQ(needed_first({{1}, {2}, {0}}), (Order{2, 1, 0}));
  EXPECT_EQ(needed_first({{0}, {3}, {1}, {2}}), (Order{0, 2, 3, 1}));
}

TEST(NeededFirst, AChainOfAMillionIsWalked) {
  constexpr std::size_t kCount = 1'000'000;
  std::vector<std::vector<std::size_t>> needs(kCount);
  for (std::size_t i = 0; i + 1 < kCount; ++i) {
    needs[i] = {i + 1};
  }
  Order backwards(kCount);
  std::iota(backwards.rbegin(), backwards.rend(), std::size_t{0});
  EXPECT_EQ(needed_first(needs), backwards);
}

}  // namespace
}  // namespace rq::data
