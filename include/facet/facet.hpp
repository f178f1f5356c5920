// SPDX-License-Identifier: Apache-2.0
// All of facet's C++ API; the headers can be included one by one as well.
//
//   const auto model = facet::Model::load_default();
//   facet::Predictor predictor(model);
//   const auto result = predictor.predict(facet::read_image("photo.jpg"));
//   for (const facet::Face& face : result.faces) use(face.box, face["Smiling"].probability);
//
// Every error is a facet::Error. Headers need the standard library (C++20) and nothing else.
#pragma once

#include "facet/box.hpp"
#include "facet/draw.hpp"
#include "facet/encoded_photo.hpp"
#include "facet/error.hpp"
#include "facet/explain.hpp"
#include "facet/explain_report.hpp"
#include "facet/image.hpp"
#include "facet/model.hpp"
#include "facet/precision.hpp"
#include "facet/prediction.hpp"
#include "facet/predictor.hpp"
#include "facet/predictor_pool.hpp"
#include "facet/proposals.hpp"
#include "facet/report.hpp"
#include "facet/response_map.hpp"
#include "facet/taught_head.hpp"
#include "facet/turns.hpp"
#include "facet/version.hpp"
