// Which answers are the same, kind by kind.

#include "reward/math_answer.h"

#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace rq::reward {
namespace {

// All of a line mean the same, whichever of two is expected.
void expect_same(const std::vector<std::string_view>& answers) {
  for (const std::string_view given : answers) {
    for (const std::string_view expected : answers) {
      EXPECT_TRUE(is_same_answer(given, expected)) << given << " for " << expected;
    }
  }
}

// No two of a line do.
void expect_different(const std::vector<std::string_view>& answers) {
  for (const std::string_view given : answers) {
    for (const std::string_view expected : answers) {
      EXPECT_EQ(is_same_answer(given, expected), given == expected) << given << " for " << expected;
    }
  }
}

TEST(MathAnswer, IntegersOfAnyLengthAndGrouping) {
  expect_same({"1234567",
               "1,234,567",
               "1{,}234{,}567",
               "1\\,234\\,567",
               "1 234 567",
               "+1234567",
               "1234567.0",
               "1,\\!234,\\!567",
               "$1234567$",
               "**1234567**",
               "\\(1234567\\).",
               "x=1234567"});
  expect_different({"123456789012345678901234567890",
                    "123456789012345678901234567891",
                    "-123456789012345678901234567890",
                    "12345678901234567890123456789"});
  expect_different({"(1,234)", "1234", "12,34"});
}

TEST(MathAnswer, FractionsDecimalsAndMixedNumbers) {
  expect_same({"\\frac{1}{2}",
               "\\dfrac12",
               "1/2",
               "0.5",
               ".50",
               "\\frac{-1}{-2}",
               "½",
               "1:2",
               "\\frac24",
               "\\\\frac{1}{2}"});
  expect_same({"2\\frac{1}{3}", "7/3", "2 1/3", "2\\frac13", "2.33333333"});
  expect_same({"-2\\frac{1}{3}", "-7/3"});
  expect_same({"0.1\\overline{6}", "\\frac{1}{6}", "0.16666667"});
  expect_different({"\\frac{2}{3}", "\\frac{3}{2}", "-\\frac{2}{3}", "0.67", "2\\frac{2}{3}"});
  expect_different({"0.3333", "\\frac{1}{3}"});
  expect_different({"0.000001", "0.000002", "1e-9"});
}

TEST(MathAnswer, APercentSignMayBeLeftOff) {
  expect_same({"50\\%", "50%", "0.5", "50 percent", "50\\text{ percent}"});
  expect_same({"50\\%", "50"});
  expect_different({"50\\%", "0.05", "51\\%", "5", "-50\\%"});
}

TEST(MathAnswer, UnitsMayBeLeftOffAndMayNotDiffer) {
  expect_same({"5\\text{ cm}", "5 cm", "5\\ \\mathrm{cm}", "5 centimeters", "5"});
  expect_same({"\\$5", "5 dollars", "5\\text{ USD}", "\\text{\\$5}"});
  expect_same({"3\\text{ m/s}", "3 meters per second"});
  expect_same({"3\\text{ cm}^2", "3\\text{ square centimeters}", "3 cm²"});
  expect_same({"30^\\circ", "30^{\\circ}", "30°", "30 degrees", "30"});
  expect_same({"12 apples", "12"});
  expect_different(
      {"5\\text{ cm}", "5\\text{ m}", "5\\text{ cm}^2", "6\\text{ cm}", "\\$5", "5 euros"});
}

TEST(MathAnswer, PowersRootsAndScientificNotation) {
  expect_same({"2^{10}", "1024", "4^5", "2 \\cdot 2^9", "2**10"});
  expect_same({"\\sqrt{12}",
               "2\\sqrt{3}",
               "2\\sqrt3",
               "2√3",
               "12^{1/2}",
               "\\frac{6}{\\sqrt{3}}",
               "3.46410162"});
  expect_same({"\\sqrt[3]{-8}", "-2"});
  expect_same({"4^{3/2}", "8"});
  expect_same({"1.5 \\times 10^{3}",
               "1500",
               "1.5e3",
               "1.5 × 10³",
               "150 × 10¹",
               "15000 × 10⁻¹",
               "15 \\cdot 10^2"});
  expect_different({"10^{400}", "10^{401}", "10^{-400}", "10^{400} + 1", "-10^{400}"});
  expect_different({"\\sqrt{2}", "\\sqrt{3}", "-\\sqrt{2}", "1.41", "2"});
}

TEST(MathAnswer, ConstantsLogarithmsAnglesAndCounting) {
  expect_same({"\\frac{3\\pi}{4}", "3\\pi/4", "0.75\\pi", "3pi/4", "2.35619449"});
  expect_same({"\\log_2 8", "3", "\\log 1000", "\\ln(e^3)", "\\frac{\\ln 8}{\\ln 2}"});
  expect_same({"\\sin 30^\\circ", "\\frac12", "\\cos\\frac{\\pi}{3}", "\\cos(60°)"});
  expect_same({"5!", "120", "\\binom{10}{3}", "5 \\cdot 4!", "\\dbinom{10}{7}", "5!=120"});
  expect_same({"\\lfloor -2.5 \\rfloor", "-3", "-\\lceil 2.5 \\rceil", "-|{-3}|"});
  expect_different({"\\pi", "3.14", "e", "22/7", "\\infty", "-\\infty"});
}

TEST(MathAnswer, ComplexNumbers) {
  expect_same({"3+4i", "4i+3", "(2+i)^2", "\\frac{-4+3i}{i}", "3 + 4 \\cdot i"});
  expect_same({"i^2", "-1", "e^{i\\pi}"});
  expect_different({"3+4i", "3-4i", "4+3i", "5"});
}

TEST(MathAnswer, PolynomialsAndRationalFunctions) {
  expect_same({"x^2+2x+1", "(x+1)^2", "(x+1)(1+x)", "x(x+2)+1", "\\left(x+1\\right)^{2}"});
  expect_same({"\\frac{x}{2}", "0.5x", "x/2", "\\frac12x", "x \\cdot 2^{-1}"});
  expect_same({"\\frac{x^2-1}{x-1}", "x+1", "\\frac{x+1}{1}"});
  expect_same({"xy+yz", "y(x+z)", "zy+yx"});
  expect_same({"\\binom{n}{2}", "\\frac{n(n-1)}{2}", "\\frac{n!}{2(n-2)!}"});
  expect_different({"x+1", "y+1", "x-1", "x+2", "x", "2"});
  expect_different({"x^{1000}", "x^{1001}", "-x^{1000}"});
  expect_different({"a_1", "a_2", "a_{12}"});
}

TEST(MathAnswer, OtherExpressionsAreTheSameWhereTheyAreReal) {
  expect_same({"\\sin^2 x + \\cos^2 x", "1"});
  expect_same({"\\sin 2x", "2\\sin x\\cos x", "\\sin(2x)", "sin(2x)"});
  expect_same({"\\sqrt{xy}", "\\sqrt{x}\\sqrt{y}"});
  expect_same({"\\ln(xy)", "\\ln x + \\ln y"});
  expect_same({"\\sqrt{x^2}", "|x|", "\\left|x\\right|", "|-x|"});
  expect_same({"\\sin^{-1} x", "\\arcsin x"});
  expect_different({"\\sqrt{x^2}", "x", "-x"});
  expect_different({"\\sin 2x", "2 \\sin x", "\\sin^2 x", "\\cos 2x"});
}

TEST(MathAnswer, Equations) {
  expect_same({"x=5", "5", "x = 5.", "=5"});
  expect_same({"f(x)=x^2", "x^2"});
  expect_same({"y=2x+1", "2x-y+1=0", "2y=4x+2", "2x+1=y"});
  expect_same({"(x,y)=(1,2)", "(1,2)"});
  expect_same({"2+3=5", "5"});
  expect_different({"y=2x+1", "y=2x-1", "x=2y+1", "y=-2x+1"});
  expect_different({"x=5", "y=5", "x=6", "2x=5"});
  expect_different({"2+3=6", "6", "5"});
}

TEST(MathAnswer, InequalitiesAndIntervals) {
  expect_same({"x<3", "3>x", "(-\\infty,3)", "x \\in (-\\infty, 3)", "\\{x | x < 3\\}"});
  expect_same({"1 < x \\le 2", "(1,2]", "2 \\ge x > 1", "\\left(1, 2\\right]"});
  expect_same({"x \\ne 0",
               "(-\\infty,0) \\cup (0,\\infty)",
               "\\mathbb{R} \\setminus \\{0\\}",
               "x<0 \\text{ or } x>0"});
  expect_same({"[0,1] \\cup [1,2]", "[0,2]", "[1,2]U[0,1]"});
  expect_same({"y > 2x", "2x < y", "2y > 4x", "0 > 2x - y"});
  expect_same({"a<b<c", "c>b>a"});
  expect_different({"[0,1)", "[0,1]", "(0,1)", "(0,1]", "[0,2)", "[0,1) \\cup (1,2)"});
  expect_different({"x<3", "x>3", "x \\le 3", "y<3", "x=3"});
}

TEST(MathAnswer, TuplesKeepTheirOrderAndSetsDoNot) {
  expect_same({"(1,2)", "\\left( 1, 2 \\right)", "(1.0, \\frac{4}{2})", "1, 2"});
  expect_same({"\\{1,2,3\\}",
               "\\{3, 1, 2\\}",
               "3,2,1",
               "1, 2, \\text{ and } 3",
               "\\left\\{1,2,3,3\\right\\}"});
  expect_same({"x=1, x=3", "3, 1", "x = 1 \\text{ or } x = 3", "2 \\pm 1"});
  expect_same({"x = \\pm 5", "5, -5", "x=5,x=-5"});
  expect_same({"\\{5\\}", "5", "5 \\text{ or } 5"});
  expect_same({"\\emptyset", "\\{\\}", "\\varnothing"});
  expect_different({"(1,2)", "(2,1)", "\\{1,2\\}", "[1,2]", "(1,2,3)", "(1,-2)"});
  expect_different({"\\pm 5", "5", "-5", "\\pm 6"});
}

TEST(MathAnswer, Matrices) {
  expect_same({"\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}",
               "\\begin{bmatrix} 1 & 2 \\\\ 3 & \\frac{8}{2} \\\\ \\end{bmatrix}",
               "\\left(\\begin{array}{cc}1&2\\\\3&4\\end{array}\\right)"});
  expect_different({"\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}",
                    "\\begin{pmatrix}1&3\\\\2&4\\end{pmatrix}",
                    "\\begin{pmatrix}1&2\\end{pmatrix}",
                    "\\begin{pmatrix}1\\\\2\\end{pmatrix}",
                    "(1,2)"});
}

TEST(MathAnswer, WordsAndLettersOfChoices) {
  expect_same({"\\text{(C)}", "C", "c", "(C)", "\\textbf{C}", "\\mathrm{(C)}."});
  expect_same({"\\text{no solution}", "No solution", "no  solution."});
  expect_same({"\\text{red}", "red", "\\textbf{Red}"});
  expect_different({"A", "B", "AB", "\\text{none}"});
  expect_different({"yes", "no", "\\text{maybe}"});
}

TEST(MathAnswer, TheBaseOfANumberMayBeLeftOff) {
  expect_same({"101_2", "5", "12_{3}"});
  expect_same({"101_2", "101_{2}", "101"});
  expect_different({"101_2", "101_3", "110_2"});
}

TEST(MathAnswer, WhatIsNoMathematicsIsComparedAsText) {
  expect_same({"\\sum_{k=1}^{3} k", "\\sum_{k = 1}^{3} k"});
  expect_same({"1/0", "1 / 0"});
  expect_different(
      {"\\sum_{k=1}^{3} k", "6", "1/0", "2/0", "\\frac{1}", "((1)", "x^", "{", "\\begin{pmatrix}"});
  EXPECT_FALSE(is_same_answer("", ""));
  EXPECT_FALSE(is_same_answer(" $ ", " $ "));
  EXPECT_FALSE(is_same_answer("\\", "\\"));
  EXPECT_FALSE(is_same_answer("\\text{}", "\\text{}"));
}

}  // namespace
}  // namespace rq::reward
