// SPDX-License-Identifier: Apache-2.0
#include "photos/ordered_workers.hpp"

namespace facet::detail {

void run_in_order(std::size_t count, int workers, std::size_t together,
                  const std::function<Work()>& make_work,
                  const std::function<void(PhotoResult)>& consume) {
  work_in_order<PhotoResult>(count, workers, together, make_work, consume);
}

}  // namespace facet::detail
