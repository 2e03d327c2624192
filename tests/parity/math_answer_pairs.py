"""Pairs of answers for math_answer_parity.py: of every kind, in the notations that people and models write, the same and nearly so."""

import math
import random
from fractions import Fraction

PER_KIND = 88  # pairs; half of them the same by intent


def frac(value, rng, command="\\frac"):
    """A fraction in LaTeX, its sign in front."""
    sign, value = ("-" if value < 0 else ""), abs(value)
    n, d = value.numerator, value.denominator
    if command == "\\frac" and n < 10 and d < 10 and rng.random() < 0.3:
        return f"{sign}\\frac{n}{d}"
    return f"{sign}{command}{{{n}}}{{{d}}}"


def grouped(value, separator=","):
    return f"{value:,}".replace(",", separator)


def dressed(text, rng):
    """The layout that models put around an answer."""
    form = rng.randrange(8)
    if form == 0:
        return f"${text}$"
    if form == 1:
        return f" {text} "
    if form == 2:
        return f"\\displaystyle {text}"
    if form == 3:
        return text.replace("(", "\\left(").replace(")", "\\right)") if "\\" not in text and text.count("(") == text.count(")") else text
    return text


def integers(rng):
    digits = rng.choice([1, 2, 3, 4, 6, 9, 18, 40])
    value = rng.randrange(10 ** (digits - 1), 10**digits) * rng.choice([1, 1, -1])
    forms = [str(value), grouped(value), grouped(value, "{,}"), f"{value}.0", grouped(value, ",\\!")]
    wrong = [str(-value), str(value + 1), str(value * 10), str(value)[:-1] + str((int(str(value)[-1]) + 3) % 10)]
    return str(value), forms, wrong


def decimals(rng):
    places = rng.randrange(1, 6)
    value = Fraction(rng.randrange(1, 10 ** (places + 2)), 10**places)
    text = f"{float(value):.{places}f}"
    forms = [text, text + "0", frac(value, rng), f"{value.numerator}/{value.denominator}"]
    if value < 1:
        forms.append(text[1:])
    wrong = ["-" + text, f"{float(value * 10):.{places}f}", f"{float(value + Fraction(1, 10**places)):.{places}f}", frac(value + 1, rng)]
    return text, forms, wrong


def fractions(rng):
    value = Fraction(rng.choice([1, -1]) * rng.randrange(1, 60), rng.randrange(2, 60))
    while value.denominator == 1:
        value += Fraction(1, 3)
    k = rng.randrange(2, 5)
    n, d = value.numerator, value.denominator
    forms = [frac(value, rng), frac(value, rng, "\\dfrac"), frac(value, rng, "\\tfrac"), f"{n}/{d}", f"\\frac{{{n * k}}}{{{d * k}}}", f"\\frac{{{-n}}}{{{-d}}}", f"{float(value):.9f}"]
    wrong = [frac(1 / value, rng), frac(-value, rng), frac(value + Fraction(1, d), rng), f"{float(value):.2f}1", frac(Fraction(n, d + 1), rng)]
    return frac(value, rng), forms, wrong


def mixed_numbers(rng):
    part = Fraction(rng.randrange(1, 9), rng.randrange(9, 20))
    whole, sign = rng.randrange(1, 30), rng.choice(["", "", "-"])
    value = (whole + part) * (-1 if sign else 1)
    text = f"{sign}{whole}\\frac{{{part.numerator}}}{{{part.denominator}}}"
    forms = [text, frac(value, rng), f"{value.numerator}/{value.denominator}", f"{float(value):.10f}", text.replace("\\frac", "\\dfrac")]
    wrong = [frac(whole * part, rng), frac(value + 1, rng), f"{sign}{whole + 1}\\frac{{{part.numerator}}}{{{part.denominator}}}", frac(-value, rng)]
    return text, forms, wrong


def percents(rng):
    value = rng.choice([rng.randrange(1, 300), Fraction(rng.randrange(1, 999), 10)])
    text = str(value) if isinstance(value, int) else f"{float(value):.1f}"
    share = Fraction(value) / 100
    forms = [f"{text}\\%", f"{text}%", f"{text} \\%", f"{float(share):.4f}", frac(share, rng), f"{text} percent"]
    if isinstance(value, int):
        forms += [text, f"{text}\\text{{ percent}}"]
    wrong = [f"{value + 1}\\%" if isinstance(value, int) else f"{float(value) + 1:.1f}\\%", f"-{text}\\%", f"{float(share) * 10:.4f}", frac(share + 1, rng)]
    return f"{text}\\%", forms, wrong


def money(rng):
    value = rng.choice([str(rng.randrange(1, 10**5)), f"{rng.randrange(1, 10**5) / 100:.2f}"])
    forms = [value, f"\\${value}", f"{value}\\text{{ dollars}}", f"{value}\\ \\text{{dollars}}", f"\\$ {value}"]
    wrong = [f"\\${value}1", f"-\\${value}", f"\\$1{value}", "1" + value]
    return f"\\${value}", forms, wrong


def units(rng):
    unit, longer = rng.choice([("cm", "cm"), ("m", "meters"), ("kg", "kg"), ("km", "km"), ("ft", "feet"), ("mm", "mm"), ("hours", "hours"), ("miles", "miles")])
    squared = rng.choice(["", "", "^2", "^3"]) if unit in ("cm", "m", "ft", "mm") else ""
    value = rng.choice([str(rng.randrange(1, 500)), f"{rng.randrange(1, 50)}\\sqrt{{{rng.choice([2, 3, 5])}}}", f"{rng.randrange(1, 50)}\\pi"])
    forms = [value, f"{value}\\text{{ {unit}}}{squared}", f"{value} \\text{{{unit}}}{squared}", f"{value}\\ \\mathrm{{{unit}}}{squared}", f"{value}\\,\\text{{{unit}}}{squared}"]
    if not squared and value.isdigit():
        forms += [f"{value} {longer}", f"{value}\\text{{ {longer}}}"]
    wrong = [f"2{value}\\text{{ {unit}}}{squared}", f"-{value}", f"1{value}\\ \\text{{{unit}}}{squared}"]
    return f"{value}\\text{{ {unit}}}{squared}", forms, wrong


def degrees(rng):
    value = rng.choice([str(rng.randrange(1, 360)), f"{rng.randrange(1, 360)}.5"])
    forms = [value, f"{value}^\\circ", f"{value}^{{\\circ}}", f"{value}\\text{{ degrees}}", f"{value} degrees"]
    wrong = [f"-{value}^\\circ", f"1{value}^\\circ", f"{value}1"]
    return f"{value}^\\circ", forms, wrong


def powers(rng):
    base, exponent = rng.randrange(2, 13), rng.randrange(2, 21)
    value = base**exponent
    forms = [f"{base}^{{{exponent}}}", str(value), grouped(value), f"{base} \\cdot {base}^{{{exponent - 1}}}", f"{base}^{exponent}", f"\\left({base}\\right)^{{{exponent}}}"]
    wrong = [f"{base}^{{{exponent + 1}}}", f"{base + 1}^{{{exponent}}}", f"{exponent}^{{{base}}}" if exponent != base and {exponent, base} != {2, 4} else "1", str(value + 1), f"-{base}^{{{exponent}}}"]
    return f"{base}^{{{exponent}}}", forms, wrong


def scientific(rng):
    mantissa, exponent = rng.randrange(11, 99), rng.choice([-4, -3, -2, 2, 3, 5, 8])
    value = Fraction(mantissa, 10) * Fraction(10) ** exponent
    plain = str(value.numerator) if value.denominator == 1 else f"{float(value):.6f}"
    m = f"{mantissa / 10:.1f}"
    forms = [f"{m} \\times 10^{{{exponent}}}", f"{m} \\cdot 10^{{{exponent}}}", plain, f"{mantissa} \\times 10^{{{exponent - 1}}}", f"{m}\\times10^{{{exponent}}}", f"{m} × 10^{{{exponent}}}"]
    wrong = [f"{m} \\times 10^{{{exponent + 1}}}", f"{m} \\times 10^{{{-exponent}}}", f"-{m} \\times 10^{{{exponent}}}", f"{mantissa / 10 + 0.1:.1f} \\times 10^{{{exponent}}}"]
    return f"{m} \\times 10^{{{exponent}}}", forms, wrong


def roots(rng):
    outer, inner = rng.randrange(2, 12), rng.choice([2, 3, 5, 6, 7, 10])
    text = f"{outer}\\sqrt{{{inner}}}"
    forms = [text, f"\\sqrt{{{outer * outer * inner}}}", f"{outer} \\cdot \\sqrt{{{inner}}}", f"\\sqrt{{{inner}}} \\cdot {outer}", f"{outer}\\sqrt{inner}" if inner < 10 else text, f"\\frac{{{outer * inner}}}{{\\sqrt{{{inner}}}}}", f"{outer} \\times {inner}^{{1/2}}"]
    wrong = [f"{outer}\\sqrt{{{inner + 1}}}", f"{outer + 1}\\sqrt{{{inner}}}", f"-{text}", f"\\sqrt{{{outer * inner}}}", str(outer * inner), f"{outer * math.sqrt(inner):.2f}"]
    return text, forms, wrong


def sums_of_roots(rng):
    a, b, c = rng.randrange(1, 20), rng.randrange(2, 9), rng.choice([2, 3, 5, 7, 11])
    sign = rng.choice("+-")
    text = f"{a}{sign}{b}\\sqrt{{{c}}}"
    d = rng.randrange(2, 6)
    forms = [text, f"{a} {sign} {b}\\sqrt{{{c}}}", f"{a} {sign} \\sqrt{{{b * b * c}}}", f"\\frac{{{a * d} {sign} {b * d}\\sqrt{{{c}}}}}{{{d}}}"]
    forms.append(f"{b}\\sqrt{{{c}}}+{a}" if sign == "+" else f"-{b}\\sqrt{{{c}}}+{a}")
    other = "-" if sign == "+" else "+"
    wrong = [f"{a}{other}{b}\\sqrt{{{c}}}", f"{a + 1}{sign}{b}\\sqrt{{{c}}}", f"{b}{sign}{a}\\sqrt{{{c}}}" if a != b else "0", f"\\frac{{{a} {sign} {b}\\sqrt{{{c}}}}}{{{d}}}"]
    return text, forms, wrong


def constants(rng):
    n, d = rng.randrange(2, 20), rng.randrange(2, 12)
    letter = rng.choice(["\\pi", "\\pi", "e"])
    value = Fraction(n, d)
    n, d = value.numerator, value.denominator
    top = letter if n == 1 else f"{n}{letter}"
    text = top if d == 1 else f"\\frac{{{top}}}{{{d}}}"
    numeric = float(value) * (math.pi if letter == "\\pi" else math.e)
    forms = [text, f"{n} \\cdot {letter} / {d}", f"\\frac{{{n}}}{{{d}}}{letter}", f"{letter} \\cdot \\frac{{{n}}}{{{d}}}", f"{numeric:.9f}"]
    wrong = [f"-{text}", f"\\frac{{{n + 1}{letter}}}{{{d}}}", f"\\frac{{{n}}}{{{d}}}", f"{numeric:.2f}", f"\\frac{{{n}{letter}}}{{{d + 1}}}"]
    return text, forms, wrong


def polynomial(coefficients, x="x"):
    """Highest power first, zeros left out."""
    text = ""
    for power in range(len(coefficients) - 1, -1, -1):
        c = coefficients[len(coefficients) - 1 - power]
        if c:
            variable = "" if power == 0 else x if power == 1 else f"{x}^{power}" if power < 10 else f"{x}^{{{power}}}"
            size = "" if abs(c) == 1 and variable else str(abs(c))
            text += ("-" if c < 0 else "+" if text else "") + size + variable
    return text or "0"


def signed(n):
    return f"+{n}" if n >= 0 else str(n)


def polynomials(rng):
    a, b, x = rng.choice([1, 2, 3]), rng.choice([-5, -3, -2, 1, 2, 4, 7]), rng.choice("xnt")
    c = rng.choice([-4, -1, 3, 5])
    product = [a, a * c + b, b * c]  # (a x + b)(x + c)
    text = polynomial(product, x)
    first = f"{a if a > 1 else ''}{x}{signed(b)}"
    terms = [polynomial([product[0], 0, 0], x), polynomial([product[1], 0], x), str(product[2])]
    rng.shuffle(terms)
    forms = [text, f"({first})({x}{signed(c)})", f"({x}{signed(c)})({first})", "+".join(terms).replace("+-", "-"), f"({first}) \\cdot ({x}{signed(c)})", text.replace("^2", "^{2}")]
    wrong = [polynomial([product[0], product[1], -product[2]], x), polynomial([product[0], product[1] + 1, product[2]], x), f"({first})({x}{signed(-c)})", polynomial([-p for p in product], x), polynomial(product, "y")]
    return text, forms, wrong


def squares(rng):
    a = rng.choice([-7, -4, -3, -1, 1, 2, 5, 6])
    text = polynomial([1, 2 * a, a * a])
    forms = [f"(x{signed(a)})^2", text, f"(x{signed(a)})(x{signed(a)})", f"\\left(x{signed(a)}\\right)^{{2}}", f"x(x{signed(2 * a)}){signed(a * a)}"]
    wrong = [f"(x{signed(-a)})^2", f"x^2{signed(a * a)}", polynomial([1, a, a * a]), f"(x{signed(a)})^3"]
    return forms[0], forms, wrong


def rational_functions(rng):
    a, b = rng.sample([1, 2, 3, 4, 5, 6, -1, -2, -3], 2)
    text = f"\\frac{{x{signed(a)}}}{{x{signed(b)}}}"
    k = rng.randrange(2, 5)
    forms = [text, f"\\frac{{{k}x{signed(a * k)}}}{{{k}x{signed(b * k)}}}", f"1{signed(a - b)}\\cdot\\frac{{1}}{{x{signed(b)}}}", f"(x{signed(a)})/(x{signed(b)})", f"\\frac{{-x{signed(-a)}}}{{-x{signed(-b)}}}"]
    wrong = [f"\\frac{{x{signed(b)}}}{{x{signed(a)}}}", f"\\frac{{x{signed(a)}}}{{x{signed(-b)}}}", f"-{text}", f"\\frac{{{a}}}{{{b}}}"]
    return text, forms, wrong


def coefficients(rng):
    n, d = rng.choice([(1, 2), (1, 4), (3, 4), (1, 5), (2, 5), (3, 2), (5, 2)])
    x = rng.choice("xyz")
    top = x if n == 1 else f"{n}{x}"
    text = f"\\frac{{{top}}}{{{d}}}"
    forms = [text, f"{n / d}{x}", f"\\frac{{{n}}}{{{d}}}{x}", f"{x}\\cdot\\frac{{{n}}}{{{d}}}", f"{top}/{d}", f"\\frac{n}{d}{x}"]
    wrong = [f"\\frac{{{d}}}{{{n}}}{x}", f"{n / d + 0.25}{x}", f"-{text}", f"\\frac{{{n}}}{{{d}{x}}}", f"{text}+1"]
    return text, forms, wrong


def two_variables(rng):
    a, b = rng.randrange(1, 6), rng.randrange(2, 7)
    text = f"{a if a > 1 else ''}x^2+{b}xy"
    forms = [text, f"x({a if a > 1 else ''}x+{b}y)", f"{b}xy+{a if a > 1 else ''}x^2", f"{b}yx+{a if a > 1 else ''}x^{{2}}", f"x \\cdot ({b}y+{a if a > 1 else ''}x)"]
    wrong = [f"{a if a > 1 else ''}y^2+{b}xy", f"{a if a > 1 else ''}x^2-{b}xy", f"{a if a > 1 else ''}x^2+{b + 1}xy", f"x({a if a > 1 else ''}x+{b})"]
    return text, forms, wrong


def assignments(rng):
    name = rng.choice(["x", "y", "n", "k", "f(x)", "x_1"])
    value = rng.choice([str(rng.randrange(-50, 50)), frac(Fraction(rng.randrange(1, 9), rng.choice([11, 13])), rng), f"{rng.randrange(2, 9)}\\sqrt{{3}}"])
    forms = [f"{name}={value}", value, f"{name} = {value}", f"{name}= {value}"]
    other = "z" if name != "z" else "w"
    wrong = [f"{name}=-{value}" if not value.startswith("-") and value != "0" else f"{name}=1{value[1:]}1", f"1{value.lstrip('-')}", f"{other}={value}", f"{name}={value}+1"]
    return f"{name}={value}", forms, wrong


def equations(rng):
    m, c = rng.choice([-4, -3, -2, 2, 3, 5]), rng.choice([-6, -5, -1, 1, 4, 7])
    text = f"y={m}x{signed(c)}"
    forms = [text, f"y = {m}x {signed(c)}", f"{m}x-y{signed(c)}=0", f"y-{m}x={c}".replace("--", "+"), f"2y={2 * m}x{signed(2 * c)}", f"{m}x{signed(c)}=y"]
    wrong = [f"y={-m}x{signed(c)}", f"y={m}x{signed(-c)}", f"x={m}y{signed(c)}", f"{m}x+y{signed(c)}=0", f"y={m + 1}x{signed(c)}"]
    return text, forms, wrong


def small_value(rng):
    return rng.choice([str(rng.randrange(-20, 20)), frac(Fraction(rng.randrange(1, 20), 7) + Fraction(1, 21), rng), f"{rng.randrange(2, 9)}\\sqrt{{2}}"])


def tuples(rng):
    values = [small_value(rng) for _ in range(rng.randrange(2, 4))]
    values[0] = "30"  # the first above the second: no interval
    inside = ",".join(values)
    forms = [f"({inside})", f"({', '.join(values)})", f"\\left({inside}\\right)", f"( {inside} )", f"\\left( {', '.join(values)} \\right)"]
    wrong = [f"({','.join(values[1:] + values[:1])})", f"({','.join(values[:-1] + ['77'])})", f"({inside},1)", f"({','.join(values[:-1] + ['-' + values[-1]])})".replace("--", "") if values[-1] != "0" else "(1,2)"]
    return f"({inside})", forms, wrong


def intervals(rng):
    low = rng.randrange(-20, 5)
    high = low + rng.randrange(1, 20)
    left, right = rng.choice("(["), rng.choice(")]")
    ends = (str(low), str(high))
    if rng.random() < 0.3:
        ends, left = ("-\\infty", str(high)), "("
    elif rng.random() < 0.3:
        ends, right = (str(low), "\\infty"), ")"
    text = f"{left}{ends[0]},{ends[1]}{right}"
    forms = [text, f"{left}{ends[0]}, {ends[1]}{right}", f"\\left{left}{ends[0]},{ends[1]}\\right{right}", f"x \\in {text}", f"{left} {ends[0]} , {ends[1]} {right}"]
    flipped_left = "[" if left == "(" else "("
    flipped_right = "]" if right == ")" else ")"
    wrong = [f"{left}{ends[0]},{high + 1}{right}", f"{left}{low - 1},{ends[1]}{right}"]
    if "infty" not in ends[0]:
        wrong.append(f"{flipped_left}{ends[0]},{ends[1]}{right}")
    if "infty" not in ends[1]:
        wrong.append(f"{left}{ends[0]},{ends[1]}{flipped_right}")
    return text, forms, wrong


def unions(rng):
    a = rng.randrange(-20, 0)
    b = a + rng.randrange(1, 10)
    c = b + rng.randrange(1, 10)
    first, second = rng.choice([(f"(-\\infty,{a})", f"({b},\\infty)"), (f"(-\\infty,{a}]", f"[{b},\\infty)"), (f"[{a},{b}]", f"({c},\\infty)"), (f"({a},{b})", f"({c},{c + 3}]")])
    text = f"{first}\\cup{second}"
    forms = [text, f"{second}\\cup{first}", f"{first} \\cup {second}", text.replace(",", ", "), f"x \\in {text}"]
    wrong = [first, second, text.replace(str(b), str(b + 1)) if str(b) in text and c > b + 1 else first, text.replace("\\cup(", "\\cup[") if "\\cup(" in text else text.replace("\\cup[", "\\cup(")]
    return text, forms, wrong


def finite_sets(rng):
    values = rng.sample(range(-30, 30), rng.randrange(2, 6))
    inside = ",".join(map(str, values))
    other = list(values)
    rng.shuffle(other)
    forms = [f"\\{{{inside}\\}}", f"\\{{{','.join(map(str, other))}\\}}", f"\\left\\{{{', '.join(map(str, other))}\\right\\}}", f"\\{{ {', '.join(map(str, other))} \\}}"]
    wrong = [f"\\{{{','.join(map(str, values[:-1] + [99]))}\\}}", f"\\{{{inside},99\\}}", f"\\{{{','.join(map(str, values[1:]))}\\}}", f"\\{{{','.join(str(-v) for v in values)}\\}}" if {-v for v in values} != set(values) else "\\{1\\}"]
    return f"\\{{{inside}\\}}", forms, wrong


def lists(rng):
    values = rng.sample(["1", "2", "-3", "7", "\\frac{1}{2}", "\\sqrt{2}", "-\\frac{3}{4}", "10", "0", "1+\\sqrt{5}"], rng.randrange(2, 5))
    other = list(values)
    rng.shuffle(other)
    text = ",".join(values)
    forms = [text, ", ".join(other), ",".join(other), ", ".join(other[:-1]) + " \\text{ and } " + other[-1], " \\text{ or } ".join(other), "x=" + ",x=".join(other)]
    wrong = [",".join(values[:-1] + ["99"]), text + ",99", ",".join(values[1:]), ",".join(values[:-1] + [f"-({values[-1]})"]) if values[-1] != "0" else "5"]
    return text, forms, wrong


def matrices(rng):
    rows, columns = rng.randrange(1, 4), rng.randrange(1, 4)
    cells = [[rng.choice([str(rng.randrange(-9, 10)), "\\frac{1}{2}", "x"]) for _ in range(columns)] for _ in range(rows)]
    cells[0][0] = "3"

    def written(cells, kind="pmatrix", space=" "):
        return f"\\begin{{{kind}}}" + f"{space}\\\\{space}".join(f"{space}&{space}".join(row) for row in cells) + f"\\end{{{kind}}}"

    changed = [list(row) for row in cells]
    changed[-1][-1] = "42"
    longer = [*cells, ["1"] * columns]
    forms = [written(cells), written(cells, "bmatrix"), written(cells, space=""), written([[c.replace("\\frac{1}{2}", "\\frac{2}{4}") for c in row] for row in cells])]
    wrong = [written(changed), written(longer), written([["-3", *cells[0][1:]], *cells[1:]]), written([[*row, "1"] for row in cells])]
    return written(cells), forms, wrong


def two_signs(rng):
    a, b = rng.randrange(1, 12), rng.choice(["\\sqrt{2}", "2\\sqrt{3}", "5", "3\\sqrt{7}"])
    text = rng.choice([f"{a} \\pm {b}", f"\\pm {a}"])
    if text.startswith("\\pm"):
        forms = [text, f"\\pm{a}", f"{a},-{a}", f"-{a}, {a}"]
        wrong = [str(a), f"-{a}", f"\\pm {a + 1}", f"{a},{a}"]
    else:
        forms = [text, f"{a}\\pm{b}", f"{a}+{b},{a}-{b}", f"{a}-{b}, {a}+{b}"]
        wrong = [f"{a}+{b}", f"{a + 1} \\pm {b}", f"{a}-{b}", f"\\pm {b}"]
    return text, forms, wrong


def inequalities(rng):
    c, x = rng.randrange(-20, 20), rng.choice("xyn")
    sign, turned, latex, other = rng.choice([("<", ">", "<", "\\le"), (">", "<", ">", "\\ge"), ("\\le", "\\ge", "\\leq", "<"), ("\\ge", "\\le", "\\geq", ">")])
    text = f"{x} {sign} {c}"
    forms = [text, f"{x}{latex} {c}", f"{c} {turned} {x}", f"{x} {latex} {c}"]
    if x == "x":
        forms.append({"<": f"(-\\infty,{c})", ">": f"({c},\\infty)", "\\le": f"(-\\infty,{c}]", "\\ge": f"[{c},\\infty)"}[sign])
    wrong = [f"{x} {turned} {c}", f"{x} {other} {c}", f"{x} {sign} {c + 1}", f"{x} = {c}"]
    return text, forms, wrong


def chains(rng):
    a = rng.randrange(-20, 10)
    b = a + rng.randrange(1, 20)
    first, second = rng.choice(["<", "\\le"]), rng.choice(["<", "\\le"])
    text = f"{a} {first} x {second} {b}"
    interval = f"{'(' if first == '<' else '['}{a},{b}{')' if second == '<' else ']'}"
    forms = [text, text.replace("\\le", "\\leq"), text.replace(" ", "") if "\\" not in text else text, interval]
    wrong = [f"{a} {first} x {second} {b + 1}", f"{a - 1} {first} x {second} {b}", f"{a} {'<' if first != '<' else chr(92) + 'le'} x {second} {b}", f"x {second} {b}"]
    return text, forms, wrong


WORDS = ["even", "odd", "yes", "no", "true", "false", "parallelogram", "Evelyn", "Tuesday", "increasing", "circle", "hyperbola", "infinitely many", "no solution", "red", "neither"]


def words(rng):
    word, other = rng.sample(WORDS, 2)
    forms = [f"\\text{{{word}}}", f"\\mathrm{{{word}}}", f"\\text{{{word.capitalize()}}}", f"\\textbf{{{word}}}", f"\\text{{ {word} }}", f"\\text{{{word.upper()}}}"]
    if " " not in word:
        forms.append(word)
    wrong = [f"\\text{{{other}}}", f"\\text{{not {word}}}", f"\\mathrm{{{other}}}", other if " " not in other else f"\\text{{{other}}}"]
    return f"\\text{{{word}}}", forms, wrong


def letters(rng):
    letter, other = rng.sample("ABCDF", 2)  # E is Euler's number to math-verify
    forms = [letter, f"\\text{{{letter}}}", f"({letter})", f"\\text{{({letter})}}", f"\\textbf{{{letter}}}", f"\\mathrm{{{letter}}}", f"\\textbf{{({letter})}}", letter.lower()]
    wrong = [other, f"\\text{{{other}}}", f"({other})", f"\\text{{({other})}}", "5"]
    return rng.choice([letter, f"\\text{{{letter}}}", f"\\text{{({letter})}}"]), forms, wrong


def bases(rng):
    base = rng.choice([2, 3, 5, 7, 8, 9])
    digits = "".join(str(rng.randrange(1 if i == 0 else 0, base)) for i in range(rng.randrange(3, 6)))
    forms = [f"{digits}_{base}", f"{digits}_{{{base}}}", digits]
    wrong = [f"{digits[:-1]}{(int(digits[-1]) + 1) % base}_{base}", f"{digits}0_{base}", f"1{digits}_{{{base}}}", f"-{digits}_{base}"]
    return f"{digits}_{base}", forms, wrong


def logarithms(rng):
    base, exponent = rng.choice([2, 3, 5, 10]), rng.randrange(2, 6)
    n = rng.choice([2, 3, 5, 6, 7])
    if rng.random() < 0.5:
        text, forms = f"\\log_{{{base}}} {base**exponent}", [str(exponent), f"\\log_{base}{{{base**exponent}}}", f"\\log_{{{base}}}({base**exponent})", f"\\frac{{\\ln {base**exponent}}}{{\\ln {base}}}"]
        wrong = [str(exponent + 1), f"\\log_{{{base}}} {base**exponent + 1}", f"-{exponent}", f"\\ln {base**exponent}"]
    else:
        text, forms = f"\\ln {n}", [f"\\ln({n})", f"\\ln{{{n}}}", f"\\frac{{1}}{{2}}\\ln {n * n}", f"2\\ln\\sqrt{{{n}}}", f"{math.log(n):.9f}"]
        wrong = [f"\\ln {n + 1}", f"-\\ln {n}", f"\\log_2 {n}", f"{n}", f"{math.log(n):.2f}"]
    return text, forms, wrong


def trigonometry(rng):
    function = rng.choice(["\\sin", "\\cos", "\\tan"])
    k = rng.randrange(2, 6)
    text = f"{k}{function} x"
    double = {"\\sin": "2\\sin x\\cos x", "\\cos": "\\cos^2 x-\\sin^2 x", "\\tan": "\\frac{2\\tan x}{1-\\tan^2 x}"}[function]
    if rng.random() < 0.4:
        text = f"{function}(2x)"
        forms = [f"{function} 2x", double, f"{function}(x+x)", f"{function}{{2x}}"]
        wrong = [f"2{function} x", f"{function}(x)", f"-{function}(2x)", f"{function}^2 x"]
    else:
        forms = [f"{k}{function}(x)", f"{k}{function}{{x}}", f"{k} \\cdot {function} x", f"{function}(x) \\cdot {k}"]
        wrong = [f"{k + 1}{function} x", f"-{k}{function} x", f"{function}({k}x)", f"{k}{function}^2 x"]
    return text, forms, wrong


def counting(rng):
    n = rng.randrange(3, 12)
    k = rng.randrange(1, n)
    if rng.random() < 0.5:
        text, value = f"{n}!", math.factorial(n)
        forms = [str(value), f"{n} \\cdot {n - 1}!", f"{n}!", grouped(value)]
    else:
        text, value = f"\\binom{{{n}}}{{{k}}}", math.comb(n, k)
        forms = [str(value), f"\\dbinom{{{n}}}{{{k}}}", f"\\binom{{{n}}}{{{n - k}}}", f"\\frac{{{n}!}}{{{k}! \\cdot {n - k}!}}"]
    wrong = [str(value + 1), str(-value), f"{n + 1}!", f"\\frac{{{value}}}{{7}}"]
    return text, forms, wrong


def infinities(rng):
    text = rng.choice(["\\infty", "-\\infty"])
    forms = [text, f" {text} ", f"${text}$", text.replace("\\infty", "\\infty "), "+\\infty" if text == "\\infty" else "- \\infty", text.replace("\\infty", "infinity")]
    wrong = ["-\\infty" if text == "\\infty" else "\\infty", "0", "1000000", "x", text + ", 1"]
    return text, forms, wrong


def complex_numbers(rng):
    a, b = rng.randrange(-9, 10), rng.choice([-7, -5, -3, 2, 4, 6, 8])
    text = f"{a}{signed(b)}i"
    forms = [text, f"{b}i{signed(a)}", f"{a} {'+' if b > 0 else '-'} {abs(b)}i", f"\\frac{{{2 * a}{signed(2 * b)}i}}{{2}}"]
    wrong = [f"{a}{signed(-b)}i", f"{a + 1}{signed(b)}i", f"{b}{signed(a)}i" if a != b else "1", f"{a}{signed(b)}"]
    return text, forms, wrong


# Written by hand: what math-verify cannot read, or judges otherwise than a teacher would. With each pair whether it is the same.
DISPUTED = [
    ("5\\text{ cm}", "5\\text{ m}", False, "units that are known and differ; math-verify drops every unit"),
    ("3\\text{ cm}^2", "3\\text{ cm}^3", False, "units that are known and differ; math-verify drops every unit"),
    ("\\$5", "5\\text{ euro}", False, "units that are known and differ; math-verify drops every unit"),
    ("5\\text{ cm}", "5 centimeters", True, "math-verify has no unit of this name"),
    ("90^\\circ", "90°", True, "math-verify does not read this sign"),
    ("12.5\\%", "12.5", True, "math-verify lets a percent sign be missing for integers alone"),
    ("12.5\\%", "12.5\\text{ percent}", True, "math-verify drops the word and then misses the sign"),
    ("\\{1,2\\}", "(1,2)", False, "a set is no point; math-verify sorts both and compares"),
    ("2,1", "(1,2)", False, "a point keeps its order; math-verify sorts the list"),
    ("101_2", "5", True, "a number in base 2; math-verify drops the base"),
    ("101_2", "101_3", False, "a number in base 2; math-verify drops the base"),
    ("\\sqrt[3]{-8}", "-2", True, "the real root; math-verify takes the principal one"),
    ("\\frac{1}{2}", "\\sin 30^\\circ", True, "degrees within a sine; math-verify drops the sign"),
    ("-1", "e^{i\\pi}", True, "math-verify takes this i for a variable"),
    ("3+4i", "3 + 4 \\cdot i", True, "math-verify takes one i for a variable and one for the unit"),
    ("(-\\infty,3)", "x<3", True, "math-verify reads an inequality as a set where it is expected, not where it is given"),
    ("2 > x > 1", "1 < x < 2", True, "math-verify does not turn chains around"),
    ("\\frac{5}{2}", "2 1/2", True, "a mixed number; math-verify reads 3/2"),
    ("100000", "1e5", True, "scientific notation; math-verify reads 5e"),
    ("10000", "10 000", True, "thousands in groups; math-verify reads 10 * 0"),
    ("\\sqrt{xy}", "\\sqrt{x}\\sqrt{y}", True, "the same where both are real"),
    ("5", "5.", True, "the end of a sentence; math-verify reads no number before it"),
    ("\\frac{x}{2}", "1/2x", True, "from left to right, as programs read it; math-verify divides by 2x"),
    ("x+1", "X+1", False, "two variables; math-verify knows no capital letters"),
]

KINDS = [
    integers, decimals, fractions, mixed_numbers, percents, money, units, degrees, powers, scientific, roots, sums_of_roots, constants,
    polynomials, squares, rational_functions, coefficients, two_variables, assignments, equations, tuples, intervals, unions, finite_sets,
    lists, matrices, two_signs, inequalities, chains, words, letters, bases, logarithms, trigonometry, counting, infinities, complex_numbers,
]  # fmt: skip


def generated():
    """(kind, expected, given), the same ones on every run; without those of DISPUTED."""
    for kind in KINDS:
        rng = random.Random(f"math answers {kind.__name__}")
        for i in range(PER_KIND):
            expected, forms, wrong = kind(rng)
            given = rng.choice(forms if i % 2 == 0 else wrong)
            yield kind.__name__, expected, dressed(given, rng)
