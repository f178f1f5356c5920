// SPDX-License-Identifier: Apache-2.0
#include "teach/teach_attribute.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "facet/error.hpp"
#include "heads/linear_head.hpp"
#include "heads/taught_head_match.hpp"
#include "model/model_access.hpp"
#include "predict/strongest_face.hpp"

namespace facet::detail {
namespace {

struct LabelledPhotos {
  std::vector<std::size_t> places;  // among the photos given
  std::vector<bool> present;
  std::vector<std::optional<int>> person;
  std::vector<SaidFace> faces;  // which of the photo's; empty where it is the strongest one
};

// Photos in one folder are of one person.
std::vector<std::optional<int>> people_by_folder(std::span<const PhotoName> photos,
                                                 const std::vector<std::size_t>& places) {
  std::map<std::filesystem::path, int> folders;
  std::vector<std::optional<int>> people;
  for (const std::size_t place : places) {
    const auto folder =
        std::filesystem::absolute(photos[place].file).lexically_normal().parent_path();
    people.emplace_back(folders.emplace(folder, static_cast<int>(folders.size())).first->second);
  }
  return people;
}

// Those of which people said it; a photo may show several.
LabelledPhotos choose_faces(const TeachRequest& request, std::span<const PhotoName> photos,
                            TeachingRemarks& remarks) {
  MatchedFaces matched = match_faces(request.labels, request.name, photos);
  if (matched.places.empty()) {
    throw Error(ErrorCode::bad_label, request.labels.string() +
                                          ": none of its paths names one of the " +
                                          std::to_string(photos.size()) + " photos");
  }
  LabelledPhotos chosen;
  chosen.places = std::move(matched.places);
  chosen.present = std::move(matched.present);
  chosen.faces = std::move(matched.faces);
  chosen.person.resize(chosen.places.size());
  if (request.person_folders) chosen.person = people_by_folder(photos, chosen.places);
  remarks.unlabelled = matched.unlisted;
  remarks.unknown = std::move(matched.unknown);
  remarks.ambiguous = std::move(matched.ambiguous);
  return chosen;
}

LabelledPhotos choose_photos(const TeachRequest& request, std::span<const PhotoName> photos,
                             TeachingRemarks& remarks) {
  const std::string file = request.labels.string();
  const LabelList list = read_label_list(request.labels);
  if (list.mixes_signs) {
    request.warn(file + ": holds labels 0 and -1; both are taken as without the attribute");
  }
  MatchedLabels matched = match_labels(list, photos);
  LabelledPhotos chosen;
  for (std::size_t i = 0; i < photos.size(); ++i) {
    if (!matched.present[i]) continue;
    chosen.places.push_back(i);
    chosen.present.push_back(*matched.present[i]);
  }
  if (chosen.places.empty()) {
    const bool none = matched.ambiguous.empty();
    throw Error(ErrorCode::bad_label,
                file + ": none of its " + std::to_string(list.rows.size()) +
                    " paths names one of the " + std::to_string(photos.size()) +
                    " photos (the first: '" + list.rows.front().path +
                    (none ? "'; the first photo: '" + photos.front().shown + "')"
                          : "', which names several)"));
  }
  chosen.person.resize(chosen.places.size());
  if (request.person_folders) chosen.person = people_by_folder(photos, chosen.places);
  remarks.unlabelled = matched.unlisted;
  remarks.unknown = std::move(matched.unknown);
  remarks.ambiguous = std::move(matched.ambiguous);
  remarks.repeated = list.repeated;
  remarks.repeated.insert(remarks.repeated.end(), matched.repeated.begin(), matched.repeated.end());
  std::sort(remarks.repeated.begin(), remarks.repeated.end());
  return chosen;
}

// The strongest face of each photo, described by all patches, as predictions do.
TeachingSet describe_photos(const TeachRequest& request, const std::shared_ptr<const Model>& model,
                            const std::string& layer, const LabelledPhotos& labelled,
                            const AskAboutPhotos& ask, TeachingRemarks& remarks) {
  std::vector<std::vector<float>> features(labelled.places.size());
  const auto make_ask = [&](int threads) -> AskAboutPhoto {
    // Heads must not depend on the processor: fp32.
    const auto face = std::make_shared<StrongestFace>(model, Precision::fp32, threads);
    return [&, face](std::size_t number, const Image& photo) {
      StrongestFace::ChooseFace choose;
      if (!labelled.faces.empty()) {
        choose = [&](const PhotoResult& result) {
          std::vector<Box> boxes;
          for (const Face& each : result.faces) boxes.push_back(each.box);
          return face_meant(labelled.faces[number], boxes, photo.width, photo.height);
        };
      }
      StrongestFace::Found found = face->find(photo, request.locate, layer, choose);
      features[number] = std::move(found.features);
      return std::move(found.result);
    };
  };
  const StrongestFace face(model);
  TeachingSet set(face.patches_per_face(), face.feature_size(layer));
  std::size_t number = 0;
  ask(labelled.places, make_ask, [&](const PhotoResult& result) {
    const std::vector<float> values = std::move(features[number]);
    if (result.status == PhotoStatus::unreadable) {
      ++remarks.unreadable;
    } else if (result.faces.empty()) {
      ++remarks.faceless;
    } else {
      if (result.faces.size() > 1) ++remarks.several_faces;
      set.add(values, labelled.present[number], labelled.person[number]);
    }
    ++number;
  });
  return set;
}

TaughtHead to_taught_head(const std::string& name, const Model& model, const std::string& layer,
                          const TeachingResult& taught) {
  const TeachingFigures& figures = taught.figures;
  TaughtHead head;
  head.name = name;
  head.model_name = model.name();
  head.model_version = model.version();
  head.anet_checksum = describer_checksum(parts_of(model));
  head.feature_layer = layer;
  head.weight = taught.plane.weight;
  head.bias = taught.plane.bias;
  head.calibration_a = taught.calibration.a;
  head.calibration_b = taught.calibration.b;
  // Calibrated probabilities reach balanced accuracy's best cut at the attribute's own share.
  head.threshold_balanced =
      static_cast<float>(figures.positives) / static_cast<float>(figures.photos);
  head.licence = model.licence();
  head.teaching = {figures.photos,
                   figures.positives,
                   taught.cost,
                   static_cast<float>(figures.accuracy),
                   static_cast<float>(figures.balanced),
                   static_cast<float>(figures.log_loss)};
  return head;
}

std::string left_out_text(const TeachingRemarks& remarks) {
  return " (left out: " + std::to_string(remarks.faceless) + " without a face, " +
         std::to_string(remarks.unreadable) + " unreadable, " + std::to_string(remarks.unlabelled) +
         " without a label, " + std::to_string(remarks.unknown.size() + remarks.ambiguous.size()) +
         " labels that name no photo or several)";
}

}  // namespace

TaughtAttribute teach_attribute(const TeachRequest& request,
                                const std::shared_ptr<const Model>& model,
                                std::span<const PhotoName> photos, const AskAboutPhotos& ask) {
  check_attribute_name(request.name);
  TaughtAttribute taught;
  const LabelledPhotos labelled = is_said_list(request.labels)
                                      ? choose_faces(request, photos, taught.remarks)
                                      : choose_photos(request, photos, taught.remarks);
  const Head& bundled = find_head(parts_of(*model), request.head);
  if (std::count(bundled.attributes.begin(), bundled.attributes.end(), request.name) > 0) {
    request.warn("head " + request.head + " of the model has an attribute " + request.name +
                 " already: predictions will show both");
  }
  const std::string& layer = bundled.feature_layer;
  const TeachingSet set = describe_photos(request, model, layer, labelled, ask, taught.remarks);
  TeachingSettings settings;
  settings.threads = request.threads;
  try {
    const TeachingResult result = teach(set, settings);
    taught.figures = result.figures;
    taught.head = to_taught_head(request.name, *model, layer, result);
  } catch (const Error& error) {
    throw Error(error.code(),
                request.labels.string() + ": " + error.what() + left_out_text(taught.remarks));
  }
  return taught;
}

}  // namespace facet::detail
