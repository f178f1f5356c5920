// SPDX-License-Identifier: Apache-2.0
// How a photo's status is spelt in every format.
#pragma once

#include "facet/prediction.hpp"

namespace facet::detail {

constexpr const char* status_text(PhotoStatus status) {
  switch (status) {
    case PhotoStatus::ok:
      return "ok";
    case PhotoStatus::no_face:
      return "no_face";
    case PhotoStatus::unreadable:
      break;
  }
  return "unreadable";
}

}  // namespace facet::detail
