// SPDX-License-Identifier: Apache-2.0
// What one thread does with some photos of several requests.
#pragma once

#include <cstdint>
#include <span>

#include "facet/predictor.hpp"
#include "service/explainer_pool.hpp"
#include "service/photo_job.hpp"

namespace facet::server {

struct PhotoTask {
  PhotoJob* job = nullptr;
  SentPhoto* photo = nullptr;
  PhotoAnswer* answer = nullptr;
};

// All of equal wishes; fills the answers. A photo that cannot be decoded, or has too many pixels,
// is unreadable. Ends early where every request was stopped, or the server ends: throws
// Error(cancelled, timed_out). Throws what a predictor throws for wishes that make no sense.
void do_tasks(Predictor& predictor, ExplainerPool& explainers, std::span<PhotoTask> tasks,
              std::int64_t max_pixels, const std::stop_token& server_ends);

}  // namespace facet::server
