// SPDX-License-Identifier: Apache-2.0
// Results as a model of three attributes would give them.
#pragma once

#include <vector>

#include "facet/prediction.hpp"
#include "facet/report.hpp"

namespace facet::detail {

inline ReportContext example_context() {
  return {"paper 1", {"5_o_Clock_Shadow", "Smiling", "Young"}};
}

inline std::vector<Attribute> of_three(float shadow, bool has_shadow, float smiling, bool smiles,
                                       float young, bool is_young) {
  return {{"5_o_Clock_Shadow", shadow, 0.5F, has_shadow},
          {"Smiling", smiling, 0.5F, smiles},
          {"Young", young, 0.5F, is_young}};
}

inline PhotoResult two_faces() {
  PhotoResult result;
  result.path = "a/two.jpg";
  result.width = 400;
  result.height = 200;
  result.min_face = 40;
  result.status = PhotoStatus::ok;
  result.faces = {
      {{100, 50, 80.5F, 100}, 3.25F, false, 0, of_three(0.1F, false, 0.9F, true, 0.95F, true)},
      {{300, 20, 40, 50}, 0.5F, true, 0, of_three(0.75F, true, 0.25F, false, 0.2F, true)}};
  return result;
}

inline PhotoResult no_face() {
  PhotoResult result;
  result.path = "cup.png";
  result.width = 640;
  result.height = 480;
  result.min_face = 40;
  return result;
}

inline PhotoResult unreadable() {
  PhotoResult result;
  result.path = "broken.jpg";
  result.status = PhotoStatus::unreadable;
  result.reason = "truncated JPEG";
  return result;
}

inline std::vector<PhotoResult> example_results() {
  return {two_faces(), no_face(), unreadable()};
}

}  // namespace facet::detail
