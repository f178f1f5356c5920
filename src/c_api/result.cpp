// SPDX-License-Identifier: Apache-2.0
// Results in the C API.
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "c_api/handles.hpp"
#include "c_api/options.hpp"

using namespace facet;
using namespace facet::detail;

namespace {

const Face& face_of(const facet_result* result, size_t index) {
  const std::vector<Face>& faces = checked(result).photo.faces;
  if (index < faces.size()) return faces[index];
  throw Error(ErrorCode::invalid_argument, "face " + std::to_string(index) + " of " +
                                               std::to_string(faces.size()) + " was asked for");
}

void write(const Attribute& attribute, facet_attribute* output) {
  write_struct(facet_attribute{sizeof(facet_attribute), attribute.name.c_str(),
                               attribute.probability, attribute.threshold, attribute.present},
               output, "attribute");
}

facet_photo_status status_number(PhotoStatus status) {
  switch (status) {
    case PhotoStatus::ok:
      return FACET_PHOTO_OK;
    case PhotoStatus::no_face:
      return FACET_PHOTO_NO_FACE;
    case PhotoStatus::unreadable:
      break;
  }
  return FACET_PHOTO_UNREADABLE;
}

}  // namespace

extern "C" {

void facet_result_free(facet_result* result) {
  free_handle(result);
}

facet_status facet_result_photo(const facet_result* result, facet_photo_info* photo) {
  return guarded([&] {
    const PhotoResult& of = checked(result).photo;
    facet_photo_info info{};
    info.path = of.path.c_str();
    info.status = status_number(of.status);
    info.error = result->error;
    info.reason = of.reason.c_str();
    info.warning = of.warning.c_str();
    info.width = of.width;
    info.height = of.height;
    info.reduce = of.reduce;
    info.min_face = of.min_face;
    info.face_count = of.faces.size();
    info.faces_left_out = static_cast<size_t>(of.faces_left_out);
    write_struct(info, photo, "photo info");
  });
}

facet_status facet_result_face(const facet_result* result, size_t face, facet_face* out) {
  return guarded([&] {
    const Face& of = face_of(result, face);
    facet_face value{};
    value.box = {of.box.x, of.box.y, of.box.width, of.box.height};
    value.score = of.score;
    value.below_threshold = of.below_threshold;
    value.turn = of.turn;
    value.attribute_count = of.attributes.size();
    value.features = of.features.empty() ? nullptr : of.features.data();
    value.feature_count = of.features.size();
    write_struct(value, out, "face");
  });
}

facet_status facet_result_attribute(const facet_result* result, size_t face, size_t index,
                                    facet_attribute* attribute) {
  return guarded([&] {
    const std::vector<Attribute>& attributes = face_of(result, face).attributes;
    if (index >= attributes.size()) {
      throw Error(ErrorCode::invalid_argument, "attribute " + std::to_string(index) + " of " +
                                                   std::to_string(attributes.size()) +
                                                   " was asked for");
    }
    write(attributes[index], attribute);
  });
}

facet_status facet_result_find_attribute(const facet_result* result, size_t face, const char* name,
                                         facet_attribute* attribute) {
  return guarded([&] {
    const Face& of = face_of(result, face);
    require(name, "name");
    write(of[name], attribute);
  });
}

facet_status facet_result_to_json(const facet_result* result, char** json) {
  return guarded([&] {
    prepare(json, "json");
    *json = text_for_caller(photo_to_json(checked(result).photo));
  });
}

facet_status facet_results_to_json(const facet_result* const* results, size_t count, char** json) {
  return guarded([&] {
    prepare(json, "json");
    require(static_cast<const void*>(results), "results");
    if (count == 0) throw Error(ErrorCode::invalid_argument, "no results");
    const ReportContext& context = *checked(results[0]).context;
    std::vector<PhotoResult> photos;
    for (size_t i = 0; i < count; ++i) {
      const facet_result& result = checked(results[i]);
      if (*result.context != context) {
        throw Error(
            ErrorCode::invalid_argument,
            "result " + std::to_string(i) +
                " comes from another model, precision, head or threshold mode than the first");
      }
      photos.push_back(result.photo);
    }
    *json = text_for_caller(to_json(photos, context));
  });
}

}  // extern "C"
