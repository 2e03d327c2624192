// Word problems: short stories whose numbers must be found and used.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/format.h"
#include "base/rng.h"
#include "data/generators/draw.h"
#include "data/generators/topics.h"

namespace rq::data {
namespace {

constexpr std::array<std::string_view, 24> kNames = {
    "Ada",  "Ben",   "Carla", "David", "Emma", "Felix", "Grace", "Hugo",
    "Ines", "Jonas", "Kira",  "Leo",   "Mia",  "Noah",  "Olga",  "Paul",
    "Rosa", "Sam",   "Tara",  "Umar",  "Vera", "Wei",   "Yuki",  "Zoe"};
constexpr std::array<std::string_view, 14> kThings = {"apples",
                                                      "pencils",
                                                      "books",
                                                      "stamps",
                                                      "marbles",
                                                      "oranges",
                                                      "tickets",
                                                      "buttons",
                                                      "cookies",
                                                      "flowers",
                                                      "shells",
                                                      "cards",
                                                      "eggs",
                                                      "stones"};
constexpr std::array<std::string_view, 6> kVehicles = {
    "train", "bus", "ship", "cyclist", "truck", "car"};
constexpr std::array<std::string_view, 5> kVessels = {
    "boxes", "bags", "baskets", "rows", "shelves"};

// A name other than `taken`.
std::string_view another_name(Rng& rng, std::string_view taken) {
  std::string_view name = one_of(rng, kNames);
  while (name == taken) {
    name = one_of(rng, kNames);
  }
  return name;
}

}  // namespace

std::string shopping(Rng& rng) {
  const auto name = one_of(rng, kNames), thing = one_of(rng, kThings);
  const std::int64_t count = rng.between(2, 12), price = rng.between(2, 20), cost = count * price,
                     paid = (cost / 50 + 1) * 50;
  std::string text = fmt::format(
      "{} buys {} {} at {} coins each and pays with {} coins. How much change does {} get?\n",
      name,
      count,
      thing,
      price,
      paid,
      name);
  text += fmt::format("The {} cost {} * {} = {} coins.\n", thing, count, price, cost);
  return text + fmt::format("The change is {} - {} = {} coins.\n", paid, cost, paid - cost);
}

std::string sharing(Rng& rng) {
  const auto name = one_of(rng, kNames), thing = one_of(rng, kThings),
             vessel = one_of(rng, kVessels);
  const std::int64_t vessels = rng.between(2, 12), each = rng.between(2, 15),
                     rest = rng.between(0, vessels - 1), total = vessels * each + rest;
  std::string text = fmt::format(
      "{} puts {} {} into {} {}, the same number into each. How many are in each, and how many are "
      "left over?\n",
      name,
      total,
      thing,
      vessels,
      vessel);
  text += fmt::format("{} = {} * {} + {}\n", total, vessels, each, rest);
  return text + fmt::format("Each holds {} {}, and {} {} left over.\n",
                            each,
                            thing,
                            rest,
                            rest == 1 ? "is" : "are");
}

std::string journey(Rng& rng) {
  const auto vehicle = one_of(rng, kVehicles);
  const std::int64_t speed = rng.between(3, 24) * 5, hours = rng.between(2, 9),
                     distance = speed * hours;
  switch (rng.below(3)) {
    case 0:
      return fmt::format(
          "A {} travels for {} hours at {} km per hour. How far does it get?\nDistance is speed "
          "times time: {} * {} = {} km.\n",
          vehicle,
          hours,
          speed,
          speed,
          hours,
          distance);
    case 1:
      return fmt::format(
          "A {} covers {} km in {} hours. How fast is it?\nSpeed is distance over time: {} / {} = "
          "{} km per hour.\n",
          vehicle,
          distance,
          hours,
          distance,
          hours,
          speed);
    default:
      return fmt::format(
          "A {} goes at {} km per hour. How long does it take for {} km?\nTime is distance over "
          "speed: {} / {} = {} hours.\n",
          vehicle,
          speed,
          distance,
          distance,
          speed,
          hours);
  }
}

std::string ages(Rng& rng) {
  const auto older = one_of(rng, kNames), younger = another_name(rng, older);
  const std::int64_t age = rng.between(4, 30), difference = rng.between(2, 25),
                     later = rng.between(2, 20);
  std::string text = fmt::format(
      "{} is {} years old, and {} is {} years older. How old are they together in {} years?\n",
      younger,
      age,
      older,
      difference,
      later);
  text += fmt::format("{} is {} + {} = {} now.\n", older, age, difference, age + difference);
  text += fmt::format("In {} years {} is {} + {} = {} and {} is {} + {} = {}.\n",
                      later,
                      younger,
                      age,
                      later,
                      age + later,
                      older,
                      age + difference,
                      later,
                      age + difference + later);
  return text + fmt::format("Together that is {} + {} = {}.\n",
                            age + later,
                            age + difference + later,
                            2 * age + difference + 2 * later);
}

std::string counting(Rng& rng) {
  const auto name = one_of(rng, kNames), friend_name = another_name(rng, name),
             thing = one_of(rng, kThings);
  std::int64_t count = rng.between(5, 40);
  std::string text = fmt::format("{} has {} {}.", name, count, thing), steps;
  for (std::int64_t events = rng.between(2, 4); events > 0; --events) {
    const bool is_gain = rng.below(2) == 0 || count < 2;
    const std::int64_t change = is_gain ? rng.between(1, 30) : -rng.between(1, count);
    constexpr std::array<std::string_view, 3> kGains = {"finds", "buys", "is given"},
                                              kLosses = {"loses", "sells", "gives away"};
    text += fmt::format(" Then {} {} {}.",
                        name,
                        is_gain ? one_of(rng, kGains) : one_of(rng, kLosses),
                        change < 0 ? -change : change);
    steps += fmt::format("{}{} = {}\n", count, plus(change), count + change);
    count += change;
  }
  if (rng.below(2) == 0) {
    const std::int64_t other = rng.between(1, 40);
    text += fmt::format(" {} has {}. How many do they have together?\n", friend_name, other);
    return text + steps +
           fmt::format("{} + {} = {}\nTogether they have {} {}.\n",
                       count,
                       other,
                       count + other,
                       count + other,
                       thing);
  }
  return text + fmt::format(" How many {} does {} have now?\n", thing, name) + steps +
         fmt::format("{} has {} {}.\n", name, count, thing);
}

std::string comparison(Rng& rng) {
  const auto first = one_of(rng, kNames), second = another_name(rng, first),
             thing = one_of(rng, kThings);
  const std::int64_t base = rng.between(3, 30), times = rng.between(2, 6),
                     more = rng.between(1, 20), result = base * times + more;
  std::string text =
      fmt::format("{} has {} {}. {} has {} more than {} times as many. How many does {} have?\n",
                  first,
                  base,
                  thing,
                  second,
                  more,
                  times,
                  second);
  text += fmt::format("{} times as many is {} * {} = {}.\n", times, times, base, base * times);
  return text + fmt::format("{} more is {} + {} = {}, so {} has {} {}.\n",
                            more,
                            base * times,
                            more,
                            result,
                            second,
                            result,
                            thing);
}

}  // namespace rq::data
