#include "reward/code_block.h"

#include <string>

#include <gtest/gtest.h>

namespace rq::reward {
namespace {

std::string text_of(const std::string& answer) {
  return code_of(answer).text;
}

TEST(CodeBlock, TheLastOneCounts) {
  EXPECT_EQ(text_of("```python\na\n```\nbetter:\n```python\nb\n```\nDone."), "b\n");
  EXPECT_EQ(text_of("```\na\n```\n```\nb\n  c\n```"), "b\n  c\n");
  EXPECT_EQ(text_of("~~~py\na\n```\n~~~"), "a\n```\n");
}

TEST(CodeBlock, WhatIsTaggedAsCodeGoesBeforeWhatIsNot) {
  EXPECT_EQ(text_of("```python\na\n```\nIt prints\n```\n5\n```"), "a\n");
  EXPECT_EQ(text_of("```\na\n```\nRun it:\n```bash\npython a.py\n```"), "a\n");
  EXPECT_EQ(text_of("```text\na\n```"), "a\n");
}

TEST(CodeBlock, ThinkingHasNone) {
  EXPECT_EQ(text_of("<think>\n```python\na\n```\n</think>\n```python\nb\n```"), "b\n");
  EXPECT_EQ(text_of("<think>```python\na\n```\n</think>b"), "b");
  EXPECT_EQ(text_of("<think>\n```python\na\n```\n"), "");
}

TEST(CodeBlock, WithoutFencesItIsTheWholeText) {
  EXPECT_EQ(text_of("print(1)\n"), "print(1)\n");
  EXPECT_EQ(text_of("    return 1"), "    return 1");
  EXPECT_EQ(text_of("print('```')"), "print('```')");
  EXPECT_EQ(text_of(""), "");
}

TEST(CodeBlock, AFenceEndsOnlyWithOneAsLong) {
  EXPECT_EQ(text_of("````python\nx = '''\n```\n'''\n````"), "x = '''\n```\n'''\n");
  EXPECT_EQ(text_of("```python\nx = 1\n```python\ny\n```"), "x = 1\n```python\ny\n");
  EXPECT_EQ(text_of("```python\ncut off"), "cut off\n");
}

TEST(CodeBlock, ABlockInAListLosesTheListsIndentation) {
  EXPECT_EQ(text_of("1. so:\n   ```python\n   if a:\n     b\n\n   ```"), "if a:\n  b\n\n");
}

TEST(CodeBlock, TheLanguageIsThatOfTheTagOrOfTheIncludes) {
  EXPECT_EQ(code_of("```C++\nint x;\n```").language, Language::kCpp);
  EXPECT_EQ(code_of("```cpp\r\nint x;\r\n```\r\n").text, "int x;\n");
  EXPECT_EQ(code_of("```Python 3\nx\n```").language, Language::kPython);
  EXPECT_EQ(code_of("```\n#include <vector>\n```").language, Language::kCpp);
  EXPECT_EQ(code_of("#include <vector>").language, Language::kCpp);
  EXPECT_EQ(code_of("```python\n# no #include here\n```").language, Language::kPython);
}

}  // namespace
}  // namespace rq::reward
