// SPDX-License-Identifier: Apache-2.0
#include "evaluate/steadiness.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include "evaluate/result_table.hpp"
#include "image/resample.hpp"

namespace facet::detail {
namespace {

constexpr float kMuchMoved = 0.7F;  // overlap below which a box is another one to a user
constexpr float kListed = 0.3F;     // overlap with the listed box: the same face

SlightChange resized(const char* name, const Image& photo, float factor) {
  SlightChange change{name, {}};
  const auto side = [factor](int pixels) {
    return std::max(1, static_cast<int>(std::lround(factor * static_cast<float>(pixels))));
  };
  change.photo = resize(photo, side(photo.width), side(photo.height));
  change.scale_x = static_cast<float>(photo.width) / static_cast<float>(change.photo.width);
  change.scale_y = static_cast<float>(photo.height) / static_cast<float>(change.photo.height);
  return change;
}

// The face that shares most with the box; nothing where none shares any of it.
const Face* same_face(const std::vector<Face>& faces, const Box& box,
                      const std::function<Box(const Box&)>& back) {
  const Face* best = nullptr;
  float most = 0;
  for (const Face& face : faces) {
    const float shared = overlap(back(face.box), box);
    if (shared <= most) continue;
    most = shared;
    best = &face;
  }
  return best;
}

}  // namespace

Box SlightChange::back(const Box& box, int width_before) const {
  Box result{box.x * scale_x + shift, box.y * scale_y + shift, box.width * scale_x,
             box.height * scale_y};
  if (mirrored) result.x = static_cast<float>(width_before) - result.x - result.width;
  return result;
}

std::vector<SlightChange> slight_changes(const Image& photo) {
  std::vector<SlightChange> changes;
  if (photo.width > 1 && photo.height > 1) {
    SlightChange cropped{"cropped by a pixel", {}};
    const Box rest{1, 1, static_cast<float>(photo.width - 1), static_cast<float>(photo.height - 1)};
    cropped.photo = resample(photo, rest, photo.width - 1, photo.height - 1);
    cropped.shift = 1;
    changes.push_back(std::move(cropped));
  }
  SlightChange mirrored{"mirrored", mirror(photo)};
  mirrored.mirrored = true;
  changes.push_back(std::move(mirrored));
  changes.push_back(resized("9/10 as large", photo, 0.9F));
  changes.push_back(resized("11/10 as large", photo, 1.1F));
  return changes;
}

Steadiness measure_steadiness(const EvaluationSet& set, std::size_t most,
                              const EvaluationOptions& options,
                              std::vector<std::string>& unreadable) {
  std::vector<EvaluationPhoto> photos;
  for (const std::size_t i : spread_evenly(set.photos.size(), static_cast<int>(most))) {
    photos.push_back(set.photos[i]);
  }
  LocateOptions locate;
  locate.min_face = options.min_face;
  locate.proposals = options.proposals;
  std::vector<std::vector<float>> overlaps(photos.size());  // of each photo's changes
  const auto failed = for_each_photo(
      photos, options.model, options.threads, options.precision, "steadiness " + set.name,
      options.progress, [&](Predictor& predictor, const ListedPhoto& photo, std::size_t index) {
        const auto unchanged = predictor.locate(photo.image, locate).faces;
        const Face* first = same_face(unchanged, photo.boxes.front(), std::identity());
        if (first == nullptr || overlap(first->box, photo.boxes.front()) < kListed) return;
        for (const SlightChange& change : slight_changes(photo.image)) {
          const auto back = [&](const Box& box) { return change.back(box, photo.image.width); };
          const auto faces = predictor.locate(change.photo, locate).faces;
          const Face* again = same_face(faces, first->box, back);
          overlaps[index].push_back(again == nullptr ? 0 : overlap(back(again->box), first->box));
        }
      });
  unreadable.insert(unreadable.end(), failed.begin(), failed.end());
  Steadiness result;
  double sum = 0;
  std::size_t below = 0;
  for (const std::vector<float>& of_photo : overlaps) {
    result.faces += of_photo.empty() ? 0 : 1;
    for (const float shared : of_photo) {
      ++result.compared;
      result.lost += shared > 0 ? 0 : 1;
      sum += shared;
      below += shared < kMuchMoved ? 1 : 0;
    }
  }
  if (result.compared == 0) return result;
  result.mean_overlap = sum / static_cast<double>(result.compared);
  result.share_below_07 = static_cast<double>(below) / static_cast<double>(result.compared);
  return result;
}

std::string steadiness_text(const std::string& set, const Steadiness& steadiness) {
  if (steadiness.compared == 0) return "steadiness on " + set + ": no face was found to measure\n";
  return "steadiness on " + set + ", " + std::to_string(steadiness.faces) +
         " faces cropped by a pixel, mirrored, 9/10 and 11/10 as large: overlap of the boxes " +
         fixed(steadiness.mean_overlap, 3) + " on average, below 0.7 in " +
         percent(steadiness.share_below_07) + " %, face lost " + std::to_string(steadiness.lost) +
         " times\n";
}

void write_steadiness(const std::filesystem::path& folder, const std::string& set,
                      const Steadiness& steadiness, const RunRecord& record) {
  ResultTable table{{"set", "faces", "boxes", "lost", "mean_overlap", "below_0.7"},
                    {{set, std::to_string(steadiness.faces), std::to_string(steadiness.compared),
                      std::to_string(steadiness.lost), fixed(steadiness.mean_overlap, 4),
                      percent(steadiness.share_below_07)}}};
  const auto columns = record_columns();
  table.columns.insert(table.columns.end(), columns.begin(), columns.end());
  const auto fields = record_fields(record);
  table.rows.front().insert(table.rows.front().end(), fields.begin(), fields.end());
  write_csv(folder / "localisation-steadiness.csv", table);
}

}  // namespace facet::detail
