// SPDX-License-Identifier: Apache-2.0
// What the library's own rooms see of a model.
#pragma once

#include <memory>

#include "facet/model.hpp"
#include "model/model_parts.hpp"

namespace facet::detail {

struct ModelAccess {
  static const ModelParts& parts(const Model& model) { return *model.parts_; }
  static std::shared_ptr<const Model> make(ModelParts parts) {
    return std::make_shared<const Model>(
        Model(std::make_shared<const ModelParts>(std::move(parts))));
  }
};

inline const ModelParts& parts_of(const Model& model) {
  return ModelAccess::parts(model);
}

}  // namespace facet::detail
