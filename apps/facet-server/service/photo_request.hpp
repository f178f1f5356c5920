// SPDX-License-Identifier: Apache-2.0
// Reads what a client sends to have described, in any of the forms that the interface takes.
#pragma once

#include <cstddef>
#include <memory>

#include "facet/model.hpp"
#include "http/exchange.hpp"
#include "service/photo_job.hpp"

namespace facet::server {

enum class PhotoForm { body, form, json };

// Throws HttpError(415) where the body is of another kind, or packed.
PhotoForm photo_form(const Request& request);

// Wishes, photos, deadline and stop; `explain`: also why. Throws HttpError: 400 for wishes that
// make no sense, 413 for too many photos.
std::shared_ptr<PhotoJob> read_photo_job(const Exchange& exchange, const Model& model,
                                         std::size_t most_photos, bool explain);

}  // namespace facet::server
