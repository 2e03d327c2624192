#include "reward/internal/math/notation.h"

#include <algorithm>
#include <string>

#include "reward/internal/math/word_table.h"

namespace rq::reward::math {
namespace {

const WordTable& symbols() {
  static const WordTable all(R"(
* cdot times ast
/ div
+- pm
-+ mp
= equiv
<= le leq leqslant
>= ge geq geqslant
< lt
> gt
!= ne neq
~ approx simeq
union cup bigcup
intersect cap
minus setminus backslash
( lparen langle
) rparen rangle
[ lbrack
] rbrack
\{ { lbrace
\} } rbrace
|( lvert
)| rvert
| vert
such-that mid
degree circ
: colon
, land
or lor vee
row \ cr
itself rfloor rceil in degree % _ &
)");
  return all;
}

const WordTable& functions() {
  static const WordTable all(R"(
frac dfrac tfrac cfrac
binom dbinom tbinom
arcsin asin
arccos acos
arctan atan
log lg
floor lfloor
ceil lceil
overline bar
itself frac sqrt binom overline
itself sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh ln log exp
)");
  return all;
}

const WordTable& names() {
  static const WordTable all(R"(
infinity infty
emptyset varnothing
i imath
l ell
epsilon varepsilon
theta vartheta
phi varphi
itself emptyset hbar angle triangle
itself alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau
itself upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega
)");
  return all;
}

const WordTable& other_commands() {
  static const WordTable all(R"(
layout displaystyle textstyle quad qquad limits nolimits big Big bigg Bigg boxed fbox hline vec hat tilde
layout ! , ; : > ( ) [ ] / rm bf it mathstrut nonumber thinspace enspace space mathop
text text textbf textit textrm textnormal textsf texttt mbox hbox mathrm mathbf mathit mathsf
text mathbb mathcal operatorname boldsymbol
left left mleft
right right mright
)");
  return all;
}

// Without a backslash.
const WordTable& plain_names() {
  static const WordTable all(R"(
infinity inf oo
itself infinity pi theta alpha beta
)");
  return all;
}

const WordTable& plain_symbols() {
  static const WordTable all(R"(
, and
or or
% percent percentage pct
)");
  return all;
}

// As LaTeX. "~" is a space.
const WordTable& signs() {
  static const WordTable all(R"(
- − – —
* × · ⋅ ∙
/ ÷ ⁄
\pm ±
\mp ∓
\le ≤ ⩽
\ge ≥ ⩾
\ne ≠
\approx ≈
\in ∈
\cup ∪
\cap ∩
\setminus ∖
\infty ∞
\sqrt √
\pi π
\degree ° º
\emptyset ∅
\mathbb{R} ℝ
\alpha α
\beta β
\gamma γ
\delta δ
\theta θ
\lambda λ
\mu μ
\sigma σ
\phi φ
\omega ω
\epsilon ε
^- ⁻
^0 ⁰
^1 ¹
^2 ²
^3 ³
^4 ⁴
^5 ⁵
^6 ⁶
^7 ⁷
^8 ⁸
^9 ⁹
\frac12 ½
\frac13 ⅓
\frac23 ⅔
\frac14 ¼
\frac34 ¾
\text{euro} €
\text{pound} £
\text{yen} ¥
\text{rupee} ₹
( ⟨ （
) ⟩ ）
~ ’ ‘ “ ” 。
, ，
: ：
| ∣
)");
  return all;
}

constexpr std::string_view kNamedFunctions[] = {"sin",
                                                "cos",
                                                "tan",
                                                "cot",
                                                "sec",
                                                "csc",
                                                "arcsin",
                                                "arccos",
                                                "arctan",
                                                "sinh",
                                                "cosh",
                                                "tanh",
                                                "ln",
                                                "log",
                                                "exp"};
constexpr std::string_view kOfAngles[] = {"sin", "cos", "tan", "cot", "sec", "csc"};

template <std::size_t count>
bool has(const std::string_view (&words)[count], std::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

Token token_of(TokenKind kind, std::string_view text) {
  return {kind, std::string(text)};
}

}  // namespace

Command find_command(std::string_view name) {
  if (const auto symbol = symbols().find(name); !symbol.empty()) {
    return {CommandUse::kToken, token_of(TokenKind::kSymbol, symbol)};
  }
  if (const auto function = functions().find(name); !function.empty()) {
    return {CommandUse::kToken, token_of(TokenKind::kFunction, function)};
  }
  if (const auto constant = names().find(name); !constant.empty()) {
    return {CommandUse::kToken, token_of(TokenKind::kName, constant)};
  }
  if (name == "$") {
    return {CommandUse::kToken, token_of(TokenKind::kWord, "dollar")};
  }
  const std::string_view use = other_commands().find(name);
  if (use == "left" || use == "right") {
    return {CommandUse::kSide, token_of(TokenKind::kSymbol, use == "left" ? "|(" : ")|")};
  }
  if (use == "text") {
    return {CommandUse::kTextWrapper, {}};
  }
  const bool is_space = name == " " || name == "\n" || name == "\t";
  return {use == "layout" || is_space ? CommandUse::kSkipped : CommandUse::kUnknown, {}};
}

std::optional<Token> find_plain_word(std::string_view letters) {
  if (const auto name = plain_names().find(letters); !name.empty()) {
    return token_of(TokenKind::kName, name);
  }
  if (const auto symbol = plain_symbols().find(letters); !symbol.empty()) {
    return token_of(TokenKind::kSymbol, symbol);
  }
  if (letters == "per") {
    return token_of(TokenKind::kWord, letters);
  }
  const std::string_view function = functions().find(letters);
  const bool is_plain = function == "sqrt" || function == "binom" || is_named_function(function);
  return is_plain ? std::optional(token_of(TokenKind::kFunction, function)) : std::nullopt;
}

std::optional<Sign> find_sign(std::string_view text) {
  // In UTF-8: as many bytes as the first one says.
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t bytes = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  const std::string_view sign = text.substr(0, bytes);
  const bool is_space = sign == "\u00a0" || sign == "\u2009" || sign == "\u202f";
  const std::string_view latex = is_space ? " " : signs().find(sign);
  return latex.empty() ? std::nullopt : std::optional(Sign{latex, bytes});
}

bool is_named_function(std::string_view function) {
  return has(kNamedFunctions, function);
}
bool takes_angle(std::string_view function) {
  return has(kOfAngles, function);
}

}  // namespace rq::reward::math
