// SPDX-License-Identifier: Apache-2.0
// LNet's threshold: face photos against scenes (paper 3.1, its figure of two histograms).
#pragma once

#include <span>
#include <vector>

namespace facet::detail {

// `faces`: the best window's score of photos with a face; `scenes`: of photos without. The score
// between them that errs least (missed share + alarmed share), raised where needed so that at
// most `alarm_share` of the scenes reach it.
float decision_threshold(std::vector<float> faces, std::vector<float> scenes, double alarm_share);

}  // namespace facet::detail
