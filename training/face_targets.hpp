// SPDX-License-Identifier: Apache-2.0
// What a network is asked to say about each photo.
#pragma once

#include <vector>

#include "pack/pack_reader.hpp"

namespace facet::training {
using namespace detail;

// The labels of each photo as targets in [0, 1] (-1 unknown), photos × attributes.
//
// Labels are noisy, and a person's nose is as big on the next photo. With `person_share` > 0 a
// target moves towards the mean of the person's other photos: by that share times the attribute's
// agreement within people (Cohen's kappa: 1 where all photos of a person agree, 0 where they agree
// no more than strangers' do), so that traits move and smiles hardly do.
std::vector<float> face_targets(const Pack& pack, float person_share);

// Cohen's kappa of two photos of one person, an attribute each; 0 where no person has two photos.
std::vector<float> agreement_within_people(const Pack& pack);

}  // namespace facet::training
