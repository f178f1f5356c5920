// SPDX-License-Identifier: Apache-2.0
// The losses of the paper's stages.
#pragma once

#include <torch/torch.h>

namespace facet::training {

// Sigmoid cross-entropy of image-level tags. `targets` lie in [0, 1], or are -1 where a photo's
// collection does not know the tag; a photo's loss is the mean over the tags it knows.
torch::Tensor tag_loss(const torch::Tensor& logits, const torch::Tensor& targets);

// A map of logits [N, tags, h, w] to logits of the photo [N, tags]: log-sum-exp over places, so
// that one place suffices for a tag and every place must be quiet for none.
torch::Tensor pool_tags(const torch::Tensor& map);

// Cosines between the faces of a batch [N, N]; rows 2k and 2k+1 are one person's, −2 stands for a
// face beside itself.
torch::Tensor pair_similarities(const torch::Tensor& features);

// Similarity of faces of one person (paper 3.2), against the other people of the batch:
// cross-entropy of finding a face's partner among all others by cosine. Pulling pairs together
// alone, the paper's form, is satisfied by features that say nothing.
torch::Tensor similarity_loss(const torch::Tensor& features);

// Smooth L1 of what the aligner says (format/face_pose.hpp): far misses pull no harder than
// near ones.
torch::Tensor alignment_loss(const torch::Tensor& outputs, const torch::Tensor& targets);

}  // namespace facet::training
