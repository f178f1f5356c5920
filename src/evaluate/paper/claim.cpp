// SPDX-License-Identifier: Apache-2.0
#include "evaluate/paper/claim.hpp"

namespace facet::detail {
namespace {

std::string signed_points(double share) {
  const std::string text = fixed(100 * share, 1);
  return text.starts_with('-') ? "−" + text.substr(1) : "+" + text;
}

}  // namespace

const char* verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::reproduced:
      return "reproduced";
    case Verdict::partly:
      return "partly";
    case Verdict::not_so:
      return "not reproduced";
    case Verdict::other_kind:
      return "not the paper's";
    case Verdict::untested:
      break;
  }
  return "cannot be tested here yet";
}

std::string percent_text(const Interval& interval) {
  return fixed(100 * interval.value, 1) + " (" + fixed(100 * interval.low, 1) + "–" +
         fixed(100 * interval.high, 1) + ")";
}

std::string points_text(const Interval& interval) {
  return signed_points(interval.value) + " (" + signed_points(interval.low) + " to " +
         signed_points(interval.high) + ")";
}

Verdict at_least(const Interval& ours, double paper_percent) {
  const double reaches = (paper_percent - 0.5) / 100;  // what rounds to it
  if (ours.value >= reaches) return Verdict::reproduced;
  return ours.high >= reaches ? Verdict::partly : Verdict::not_so;
}

Verdict gains(const Interval& ours, double paper_points) {
  if (ours.low <= 0) return Verdict::not_so;
  return ours.value >= (paper_points - 0.5) / 100 ? Verdict::reproduced : Verdict::partly;
}

Verdict small_loss(const Interval& ours, double most_points) {
  if (ours.high <= most_points / 100) return Verdict::reproduced;
  return ours.low <= most_points / 100 ? Verdict::partly : Verdict::not_so;
}

}  // namespace facet::detail
