// SPDX-License-Identifier: Apache-2.0
#include "localise/face_search.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <utility>

#include "image/levels.hpp"
#include "image/resample.hpp"
#include "image/turn.hpp"
#include "localise/touching_faces.hpp"

namespace facet::detail {
namespace {

// Chosen on scenes and objects kept for choosing. Every further look is a further chance to take
// something for a face, so it must show more evidence, in thresholds: in other light, and turned.
constexpr float kInOtherLight = 1.2F;
constexpr float kTurned = 2.0F;
// The same between faces that touch.
constexpr float kBetween = 1.2F;
constexpr int kMostBetween = 3;  // looks between them
// Faces weaker than this, in thresholds, are rare in upright photos, …
constexpr float kWeak = 2.0F;
// … and stronger ones than this stand as they seem to.
constexpr float kSure = 6.0F;
// A turn stands only where its strongest face is so many times as strong as that of the photo as it
// was given.
constexpr float kClearer = 1.2F;
constexpr float kCutHeights = 3.0F;  // a face and what LNet_s sees around it, in heights
constexpr float kCutFace = 60;       // pixels of its height there
constexpr float kShadowGamma = 0.5F;
constexpr float kSameFace = 0.3F;  // overlap
// What a coarse look shows to be this far below, or above, is so exactly, too.
constexpr float kSurelyBelow = 0.9F;
constexpr float kSurelyAbove = 1.1F;
// What a glance shows to be this far below is so at a closer look.
constexpr float kFarBelow = 0.4F;
constexpr std::array<int, 3> kTurns = {90, 180, 270};

float strongest(const std::vector<ScoredBox>& found) {
  return found.empty() ? 0.0F : found.front().score;
}

// Dark places brighter, bright ones hardly: a face before a window.
Image lit_up(Image photo) {
  std::array<std::uint8_t, 256> table{};
  for (std::size_t v = 0; v < table.size(); ++v) {
    const float value = 255 * std::pow(static_cast<float>(v) / 255, kShadowGamma);
    table[v] = static_cast<std::uint8_t>(value + 0.5F);
  }
  for (std::uint8_t& value : photo.pixels) value = table[value];
  return photo;
}

class Search {
 public:
  Search(Localiser& localiser, const SearchRequest& request, SecondOpinion* opinion)
      : localiser_(localiser), request_(request), opinion_(opinion) {}

  std::vector<ScoredBox> look(const ImageView& photo, Look how = Look::exact) {
    return localiser_.boxes(photo, request_.min_face, request_.max_faces, request_.at_least_one,
                            request_.proposals, how);
  }

  // The look at the photo as it is.
  std::vector<ScoredBox> first_look(const ImageView& photo) {
    std::vector<ScoredBox> found = look(photo);
    ask_about(photo, found, request_.threshold);
    return found;
  }

  // Nothing where the strongest face does not come to `least`, which a coarse look often shows.
  std::vector<ScoredBox> look_for(const ImageView& photo, float least) {
    const float hopeless = opinion_ == nullptr ? least : least / SecondOpinion::kMostTrust;
    if (localiser_.has_coarse_look() &&
        strongest(look(photo, Look::coarse)) < hopeless * kSurelyBelow) {
      return {};
    }
    std::vector<ScoredBox> found = look(photo);
    ask_about(photo, found, least);
    if (strongest(found) < least) found.clear();
    return found;
  }

  // The photo's boxes as a look at it, turned, finds them; nothing where none comes to `least`.
  std::vector<ScoredBox> look_turned(const Image& photo, int degrees, float least) {
    const Image turned = turn_clockwise(photo, degrees);
    std::vector<ScoredBox> found = look_for(turned, least);
    for (ScoredBox& box : found) {
      box.box = turn_clockwise(box.box, turned.width, turned.height, (360 - degrees) % 360);
      box.turn = degrees;
    }
    return found;
  }

  // Where nothing was found: as other light would show it.
  std::vector<ScoredBox> look_in_other_light(const Image& photo, std::vector<ScoredBox> first) {
    const Levels levels = measure_levels(photo);
    for (const bool shadows : {false, true}) {
      std::vector<ScoredBox> found =
          look_for(shadows ? lit_up(photo) : stretch_levels(photo, levels),
                   request_.threshold * kInOtherLight);
      if (!found.empty()) return found;
    }
    return first;
  }

  // Also faces that others beside them hide from LNet_o. What is found may hide more.
  std::vector<ScoredBox> look_between(const ImageView& photo, std::vector<ScoredBox> first) {
    std::vector<Box> faces;
    for (const ScoredBox& found : first) {
      if (found.score >= request_.threshold) faces.push_back(found.box);
    }
    for (int round = 0; round < kMostBetween; ++round) {
      const std::optional<CoveredPart> part = cover_touching(photo, faces);
      if (!part) break;
      const std::size_t before = faces.size();
      for (const ScoredBox& found : look_at_rest(*part)) {
        if (shows(faces, found.box)) continue;
        // Candidates of the first look at the same place give way.
        std::erase_if(first, [&](const ScoredBox& weaker) {
          return weaker.score < request_.threshold && overlap(weaker.box, found.box) > kSameFace;
        });
        faces.push_back(found.box);
        first.push_back(found);
      }
      if (faces.size() == before) break;
    }
    sort_strongest_first(first);
    cut(first);
    return first;
  }

  // Whether LNet_s sees the strongest face more clearly when it is turned: a face upside down is
  // often found, too.
  bool seems_turned(const ImageView& photo, const ScoredBox& found) {
    if (found.score >= request_.threshold * kSure) return false;
    const float side = kCutHeights * found.box.height;
    const int pixels = static_cast<int>(kCutHeights * kCutFace);
    const Image cut = resample(
        photo, {found.box.centre_x() - side / 2, found.box.centre_y() - side / 2, side, side},
        pixels, pixels);
    const float scale = static_cast<float>(pixels) / side;
    const float width = found.box.width * scale;
    const float height = found.box.height * scale;
    const auto middle = static_cast<float>(pixels) / 2;
    const Box box{middle - width / 2, middle - height / 2, width, height};
    if (times_as_clear_turned(cut, box, Look::glance) < kClearer * kFarBelow) return false;
    if (localiser_.has_coarse_look()) {
      const float clearer = times_as_clear_turned(cut, box, Look::coarse);
      if (clearer < kClearer * kSurelyBelow) return false;
      if (clearer > kClearer * kSurelyAbove) return true;
    }
    return times_as_clear_turned(cut, box, Look::exact) > kClearer;
  }

  std::vector<ScoredBox> clearest_turn(const Image& photo, std::vector<ScoredBox> first) {
    float least = std::max(request_.threshold * kTurned, strongest(first) * kClearer);
    std::vector<ScoredBox> best = std::move(first);
    for (const int degrees : kTurns) {
      std::vector<ScoredBox> found = look_turned(photo, degrees, least);
      if (found.empty()) continue;
      best = std::move(found);
      least = strongest(best);
    }
    return best;
  }

  // Faces of every turn, each as the turn that shows it best found it.
  std::vector<ScoredBox> all_turns(const Image& photo, std::vector<ScoredBox> first) {
    for (const int degrees : kTurns) {
      const float least = request_.threshold * kTurned;
      for (ScoredBox& found : look_turned(photo, degrees, least)) {
        if (found.score >= least) first.push_back(found);
      }
    }
    sort_strongest_first(first);
    std::vector<ScoredBox> kept;
    for (const ScoredBox& found : first) {
      const bool known = std::any_of(kept.begin(), kept.end(), [&](const ScoredBox& other) {
        return overlap(other.box, found.box) > kSameFace;
      });
      if (!known) kept.push_back(found);
    }
    cut(kept);
    return kept;
  }

 private:
  // Another word on what is in doubt: it may count for `least` or not. What is sure is not asked
  // about.
  void ask_about(const ImageView& photo, std::vector<ScoredBox>& found, float least) {
    if (opinion_ == nullptr) return;
    const auto weaker_than = [&found](float score) {  // the strongest come first
      return std::find_if(found.begin(), found.end(),
                          [score](const ScoredBox& box) { return box.score < score; });
    };
    const std::span<ScoredBox> doubtful(weaker_than(least * SecondOpinion::kMostDoubt),
                                        weaker_than(least / SecondOpinion::kMostTrust));
    if (doubtful.empty()) return;
    const std::vector<float> weights = opinion_->weights(photo, doubtful);
    for (std::size_t i = 0; i < doubtful.size(); ++i) doubtful[i].score *= weights[i];
    sort_strongest_first(found);
  }

  // Faces of the photo that are not covered.
  std::vector<ScoredBox> look_at_rest(const CoveredPart& part) {
    std::vector<ScoredBox> found =
        localiser_.boxes(part.image, std::max(request_.min_face, part.least_height),
                         request_.max_faces, false, request_.proposals);
    std::erase_if(
        found, [this](const ScoredBox& box) { return box.score < request_.threshold * kBetween; });
    for (ScoredBox& box : found) {
      box.box.x += part.x;
      box.box.y += part.y;
    }
    return found;
  }

  static bool shows(const std::vector<Box>& faces, const Box& box) {
    return std::any_of(faces.begin(), faces.end(),
                       [&](const Box& face) { return overlap(face, box) > kSameFace; });
  }

  static void sort_strongest_first(std::vector<ScoredBox>& found) {
    std::stable_sort(found.begin(), found.end(),
                     [](const ScoredBox& a, const ScoredBox& b) { return a.score > b.score; });
  }

  void cut(std::vector<ScoredBox>& found) const {
    const auto most = static_cast<std::size_t>(request_.max_faces);
    if (found.size() > most) found.resize(most);
  }

  // LNet_s's evidence of a face in the box when the square photo is turned, in times of that
  // when it is not.
  float times_as_clear_turned(const Image& square, const Box& box, Look look) {
    const float upright = localiser_.second_evidence(square, box, look);
    float turned = 0;
    for (const int degrees : kTurns) {
      turned =
          std::max(turned, localiser_.second_evidence(turn_clockwise(square, degrees), box, look));
    }
    constexpr float infinity = std::numeric_limits<float>::infinity();
    return upright > 0 ? turned / upright : (turned > 0 ? infinity : 0);
  }

  Localiser& localiser_;
  const SearchRequest& request_;
  SecondOpinion* opinion_;
};

}  // namespace

std::vector<ScoredBox> search_faces(Localiser& localiser, const ImageView& photo,
                                    const SearchRequest& request, SecondOpinion* opinion) {
  Search search(localiser, request, opinion);
  if (request.proposals == Proposals::edgeboxes || photo.empty()) return search.look(photo);
  const Levels levels = measure_levels(photo);
  Image own;  // a copy, where one is needed
  const auto copied = [&]() -> const Image& {
    if (own.empty()) own = resize(photo, photo.width, photo.height);
    return own;
  };
  if (levels_are_off(levels)) own = stretch_levels(copied(), levels);
  std::vector<ScoredBox> found = search.first_look(own.empty() ? photo : ImageView(own));
  if (!(request.threshold > 0)) return found;  // everything is a face: there is no second look
  if (strongest(found) < request.threshold) {
    // Stretched, such a photo is noise; from here on it is the grey one.
    if (is_in_one_light(levels)) {
      own = as_grey_of_one_light(resize(photo, photo.width, photo.height), levels);
    }
    found = search.look_in_other_light(copied(), std::move(found));
  }
  found = search.look_between(own.empty() ? photo : ImageView(own), std::move(found));
  if (request.turns == Turns::all) return search.all_turns(copied(), std::move(found));
  if (request.turns == Turns::automatic &&
      (strongest(found) < request.threshold * kWeak ||
       search.seems_turned(own.empty() ? photo : ImageView(own), found.front()))) {
    found = search.clearest_turn(copied(), std::move(found));
  }
  return found;
}

}  // namespace facet::detail
