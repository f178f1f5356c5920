// SPDX-License-Identifier: Apache-2.0
// Work on many photos at once, with results in the order of the photos.
#pragma once

#include <cstddef>
#include <functional>

#include "facet/prediction.hpp"
#include "photos/worker_team.hpp"

namespace facet::detail {

using Work = WorkFor<PhotoResult>;

// work_in_order() of results about photos.
void run_in_order(std::size_t count, int workers, std::size_t together,
                  const std::function<Work()>& make_work,
                  const std::function<void(PhotoResult)>& consume);

}  // namespace facet::detail
