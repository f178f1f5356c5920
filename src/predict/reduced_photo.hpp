// SPDX-License-Identifier: Apache-2.0
// A photo decoded no further than finding its faces needs.
#pragma once

#include "describe/aligner.hpp"
#include "facet/photo.hpp"
#include "facet/prediction.hpp"
#include "facet/predictor.hpp"
#include "image/photo_decoder.hpp"
#include "model/model_parts.hpp"

namespace facet::detail {

struct ReducedPhoto {
  DecodedPhoto photo;
  ReducedFrom from;
  float min_face = 0;  // height of the smallest face looked for, in pixels of the reduced photo
};

// `file` must outlive what is looked at. Throws Error(unreadable).
ReducedPhoto decode_for_search(PhotoDecoder& file, const LocaliserSettings& settings,
                               const LocateOptions& options);

// A result about the reduced photo becomes one about the full one.
void refer_to_full_photo(PhotoResult& result, const DecodedPhoto& photo);

}  // namespace facet::detail
