#include "data/internal/language.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace rq::data {
namespace {

std::vector<Import> imports(std::string_view path, std::string_view text) {
  return imports_of(language_of(path), text);
}

using Imports = std::vector<Import>;

TEST(Language, QuotedIncludesAreImportsAndThoseOfTheSystemAreNot) {
  EXPECT_EQ(imports("a.cpp",
                    "#include <vector>\n#include \"lib/a.h\"\n  #  include \"b.h\"  // why\n"
                    "// #include \"c.h\"\nint include = 1;\n#include \"open\n#include"),
            (Imports{{.name = "lib/a.h"}, {.name = "b.h"}}));
}

TEST(Language, PythonImportsNameModulesAndMembers) {
  EXPECT_EQ(imports("a.py",
                    "import os, a.b as c  # both\n"
                    "from a.b import c as d, e\n"
                    "from . import f\n"
                    "from ..g import *\n"
                    "from h import (i,  # one\n    j,\n)\n"
                    "from k import l, \\\n    m\n"
                    "importance = 1\nfrom_ = 2\n"),
            (Imports{{.name = "os"},
                     {.name = "a.b"},
                     {.name = "a.b", .member = "c"},
                     {.name = "a.b", .member = "e"},
                     {.name = ".", .member = "f"},
                     {.name = "..g"},
                     {.name = "h", .member = "i"},
                     {.name = "h", .member = "j"},
                     {.name = "k", .member = "l"},
                     {.name = "k", .member = "m"}}));
}

TEST(Language, PythonImportsInsideFunctionsAndClassesAreLeftOut) {
  EXPECT_EQ(imports("a.py",
                    "try:\n    import a\nexcept ImportError:\n    import b\n"
                    "def f():\n    import c\n\nclass G:\n    import d\n"
                    "if True:\n    from e import f\n"),
            (Imports{{.name = "a"}, {.name = "b"}, {.name = "e", .member = "f"}}));
}

TEST(Language, JavaScriptImportsAreRelativePathsInAllTheirForms) {
  EXPECT_EQ(
      imports("a.ts",
              "import { a,\n  b } from './a';\nimport \"../b.js\";\nexport * from './c'\n"
              "const d = require('./d'), e = require(\"./e\");\nconst f = await import('./f');\n"
              "import g from 'g';\nconst h = './h';\n// import './i';\nimport j from \"./j\n"),
      (Imports{{.name = "./a"},
               {.name = "../b.js"},
               {.name = "./c"},
               {.name = "./d"},
               {.name = "./e"},
               {.name = "./f"}}));
}

TEST(Language, CommentsAreInTheStyleOfTheFile) {
  EXPECT_EQ(as_comment("a/b.cpp", "a/b.cpp"), "// a/b.cpp\n");
  EXPECT_EQ(as_comment("b.py", "b.py"), "# b.py\n");
  EXPECT_EQ(as_comment("b.tsx", "b.tsx"), "// b.tsx\n");
  EXPECT_EQ(as_comment("README.md", "README.md"), "<!-- README.md -->\n");
  EXPECT_EQ(as_comment("Makefile", "Makefile"), "# Makefile\n");
}

}  // namespace
}  // namespace rq::data
