// SPDX-License-Identifier: Apache-2.0
#include "index/query/evaluate.hpp"

#include <algorithm>
#include <array>
#include <functional>

namespace facet::detail {
namespace {

using Kind = PlanNode::Kind;
using Values = std::vector<float>;

// 1899-12-31, counted from 1970-01-01.
constexpr std::int64_t day_zero = -25568;

bool fits(float p, const ProbabilityBound& bound) {
  // Probabilities are stored in steps of 1/255: the bound is taken in single precision, too.
  const auto value = static_cast<float>(bound.value);
  switch (bound.comparison) {
    case Comparison::greater:
      return p > value;
    case Comparison::greater_equal:
      return p >= value;
    case Comparison::less:
      return p < value;
    case Comparison::less_equal:
      return p <= value;
  }
  return false;
}

bool on_day(std::uint16_t day, const QueryRange& range) {
  if (day == 0) return false;  // unknown
  const std::uint16_t first = range.first == QueryRange::lowest ? 1 : stored_day(range.first);
  const std::uint16_t last = range.last == QueryRange::highest ? 0xFFFF : stored_day(range.last);
  return day >= first && day <= last;
}

bool contains(const std::vector<bool>* set, std::uint32_t photo) {
  return set != nullptr && photo < set->size() && (*set)[photo];
}

// Calls work(first, end) for the faces of each photo.
template <typename Work>
void for_each_photo(std::span<const std::uint32_t> photo, Work work) {
  for (std::size_t first = 0; first < photo.size();) {
    std::size_t end = first + 1;
    while (end < photo.size() && photo[end] == photo[first]) ++end;
    work(first, end);
    first = end;
  }
}

class BlockEvaluation {
 public:
  explicit BlockEvaluation(const FaceBlock& block) : block_(block), faces_(block.photo.size()) {}

  // Not a std::span: each node's result becomes its parent's scratch.
  Values values(const PlanNode& node) {  // NOLINT(misc-no-recursion)
    switch (node.kind) {
      case Kind::column:
        return column(block_.columns[node.input], 255);
      case Kind::person:
        return column(block_.people[node.input], 1);
      case Kind::similarity: {
        const auto& likes = block_.likes[node.input];
        return Values(likes.begin(), likes.end());
      }
      case Kind::someone:
        return each(
            [&](std::size_t i) { return contains(block_.someone[node.input], block_.photo[i]); });
      case Kind::faces:
        return counts(node.range);
      case Kind::date:
        return each([&](std::size_t i) { return on_day(block_.day[i], node.range); });
      case Kind::path:
        return each(
            [&](std::size_t i) { return contains(block_.paths[node.input], block_.photo[i]); });
      case Kind::compare: {
        Values p = values(node.children.front());
        for (float& one : p) one = fits(one, node.bound) ? 1.0F : 0.0F;
        return p;
      }
      case Kind::negation: {
        Values p = values(node.children.front());
        for (float& one : p) one = 1 - one;
        return p;
      }
      case Kind::all_of:
        return product(node, false);
      case Kind::any_of:
        return product(node, true);
      case Kind::any_face:
        return over_photo(values(node.children.front()), true);
      case Kind::every_face:
        return over_photo(values(node.children.front()), false);
    }
    return {};
  }

 private:
  [[nodiscard]] Values column(std::span<const std::uint8_t> bytes, float one) const {
    Values p(faces_);
    for (std::size_t i = 0; i < faces_; ++i) p[i] = static_cast<float>(bytes[i]) / one;
    return p;
  }

  template <typename Holds>
  [[nodiscard]] Values each(Holds holds) const {
    Values p(faces_);
    for (std::size_t i = 0; i < faces_; ++i) p[i] = holds(i) ? 1.0F : 0.0F;
    return p;
  }

  [[nodiscard]] Values counts(const QueryRange& range) const {
    Values p(faces_);
    for_each_photo(block_.photo, [&](std::size_t first, std::size_t end) {
      const auto count = static_cast<std::int64_t>(end - first);
      if (count >= range.first && count <= range.last) {
        std::fill(p.begin() + static_cast<std::ptrdiff_t>(first),
                  p.begin() + static_cast<std::ptrdiff_t>(end), 1.0F);
      }
    });
    return p;
  }

  // Π p of the children, or 1 - Π(1 - p).
  Values product(const PlanNode& node, bool any) {  // NOLINT(misc-no-recursion)
    Values p = values(node.children.front());
    for (std::size_t c = 1; c < node.children.size(); ++c) {
      const Values next = values(node.children[c]);
      for (std::size_t i = 0; i < faces_; ++i) {
        p[i] = any ? 1 - (1 - p[i]) * (1 - next[i]) : p[i] * next[i];
      }
    }
    return p;
  }

  // For each photo Π p of its faces, or 1 - Π(1 - p), at all of them.
  [[nodiscard]] Values over_photo(Values p, bool any) const {
    for_each_photo(block_.photo, [&](std::size_t first, std::size_t end) {
      float all = 1;
      for (std::size_t i = first; i < end; ++i) all *= any ? 1 - p[i] : p[i];
      std::fill(p.begin() + static_cast<std::ptrdiff_t>(first),
                p.begin() + static_cast<std::ptrdiff_t>(end), any ? 1 - all : all);
    });
    return p;
  }

  const FaceBlock& block_;
  std::size_t faces_;
};

// A photo without faces, or the most that any such photo could reach (`of` is null).
struct BareEvaluation {
  const BarePhoto* of;
  std::span<const std::vector<bool>* const> someone;
  std::span<const std::vector<bool>* const> paths;

  // `wanted`: the probability that the node holds; otherwise that it does not.
  [[nodiscard]] float value(const PlanNode& node, bool wanted) const {  // NOLINT(misc-no-recursion)
    const auto known = [&](bool holds) { return holds == wanted ? 1.0F : 0.0F; };
    switch (node.kind) {
      case Kind::column:
      case Kind::person:
      case Kind::similarity:
      case Kind::compare:
        return 0;  // there is no face of which to say it
      case Kind::someone:
        return of == nullptr ? 1 : known(contains(someone[node.input], of->id));
      case Kind::faces:
        return known(node.range.first <= 0 && node.range.last >= 0);
      case Kind::date:
        return of == nullptr ? 1 : known(on_day(of->day, node.range));
      case Kind::path:
        return of == nullptr ? 1 : known(contains(paths[node.input], of->id));
      case Kind::negation:
        return value(node.children.front(), !wanted);
      case Kind::any_face:
      case Kind::every_face:
        return known(false);
      case Kind::all_of:
      case Kind::any_of:
        break;
    }
    const bool all = (node.kind == Kind::all_of) == wanted;
    float p = 1;
    for (const PlanNode& child : node.children) {
      const float one = value(child, wanted);
      p *= all ? one : 1 - one;
    }
    return all ? p : 1 - p;
  }
};

}  // namespace

std::uint16_t stored_day(std::int64_t days_since_1970) {
  const std::int64_t clamped =
      std::clamp(days_since_1970, day_zero + 1, day_zero + std::int64_t{0xFFFF});
  return static_cast<std::uint16_t>(clamped - day_zero);
}

std::vector<float> evaluate(const QueryPlan& plan, const FaceBlock& block) {
  return BlockEvaluation(block).values(plan.root);
}

float evaluate_bare(const QueryPlan& plan, const BarePhoto& photo,
                    std::span<const std::vector<bool>* const> someone,
                    std::span<const std::vector<bool>* const> paths) {
  return BareEvaluation{&photo, someone, paths}.value(plan.root, true);
}

bool may_hold_without_faces(const QueryPlan& plan) {
  return BareEvaluation{nullptr, {}, {}}.value(plan.root, true) > 0;
}

}  // namespace facet::detail
