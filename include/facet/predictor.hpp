// SPDX-License-Identifier: Apache-2.0
// A photo in, its faces with forty attributes out.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "facet/api.hpp"
#include "facet/encoded_photo.hpp"
#include "facet/image.hpp"
#include "facet/model.hpp"
#include "facet/precision.hpp"
#include "facet/prediction.hpp"
#include "facet/proposals.hpp"
#include "facet/response_map.hpp"
#include "facet/taught_head.hpp"
#include "facet/turns.hpp"

namespace facet {

// When a call ends before it is done: it then throws Error(cancelled) or Error(timed_out) within
// some milliseconds, and the predictor can be used again.
struct Limits {
  std::stop_token stop;
  std::optional<std::chrono::steady_clock::time_point> deadline;
};

struct LocateOptions {
  std::optional<float> threshold;  // default: the model's, or that of the proposals
  // Smallest face height in pixels, >= 8. Default: the larger of the model's (40 pixels for `best`)
  // and 2.35 % of the photo's long side; a number asks for less, or for more.
  std::optional<float> min_face;
  bool dominant = false;  // exactly one face, the strongest window, whatever its score
  bool all = false;       // also candidates below the threshold
  std::optional<int>
      max_faces;  // the strongest so many; PhotoResult says how many others were found
  Proposals proposals = Proposals::evidence;
  Turns turns = Turns::automatic;  // not with Proposals::edgeboxes
  Limits limits;                   // of predictions as well
};

struct PredictOptions {
  LocateOptions locate;
  std::string head = "celeba";
  // Decides `present` of every attribute, those of extra heads too; probabilities are the same.
  ThresholdMode threshold_mode = ThresholdMode::accuracy;
  // Their attributes follow those of `head`, in this order. No two of one name.
  std::vector<TaughtHead> extra_heads;
  bool features = false;  // also each face's feature vector
};

// Localises and describes (paper, section 3). Holds scratch memory: one predictor a thread, any
// number a model; the second costs little, for weights are kept with the model. OpenMP does not
// survive fork(): a process that predicted and forks must start its children anew (spawn).
class FACET_API Predictor {
 public:
  // `threads` is the number of cores one call uses; the results do not depend on it. At automatic
  // precision boxes are those of fp32, and hardly any attribute is decided otherwise; at bf16 boxes
  // move a little, too. Throws Error(unsupported) for bf16 on a processor without it.
  explicit Predictor(std::shared_ptr<const Model> model, int threads = 1,
                     Precision precision = Precision::automatic);
  ~Predictor();
  Predictor(Predictor&&) noexcept;
  Predictor& operator=(Predictor&&) noexcept;

  // Faces of one photo, strongest first; status ok or no_face. No photo is too small or too flat
  // to be asked about; a face is never invented. Throws Error(invalid_argument) for a head the
  // model does not have, options out of range or an empty photo, Error(bad_model) for an extra head
  // that does not fit the model.
  PhotoResult predict(const ImageView& photo, const PredictOptions& options = {});
  // The same of several photos, in order: equal to one by one, bit for bit, but faces of all photos
  // are described together, which is faster where photos have few. A photo that is empty or whose
  // sizes do not fit its pixels yields PhotoStatus::unreadable and a reason, and does not touch the
  // others' results; whatever else predict() of one photo throws is thrown for all. Needs memory
  // for the photos given and their faces; long lists are best passed some at a time.
  std::vector<PhotoResult> predict(std::span<const ImageView> photos,
                                   const PredictOptions& options = {});
  std::vector<PhotoResult> predict(std::span<const Image> photos,
                                   const PredictOptions& options = {});
  // Photos as they lie in their files; results are about the full photo. Large ones are decoded
  // reduced as far as the smallest face looked for allows (PhotoResult::reduce says by what), and a
  // face that is then small is described from its file's full detail: faster than decoding first,
  // in a fraction of the memory, with answers that hardly differ. Throws Error(unreadable) too.
  PhotoResult predict(EncodedPhoto& photo, const PredictOptions& options = {});
  // Of several, one that cannot be decoded yields PhotoStatus::unreadable and a reason.
  std::vector<PhotoResult> predict(std::span<EncodedPhoto> photos,
                                   const PredictOptions& options = {});
  // Boxes only (attributes stay empty).
  PhotoResult locate(const ImageView& photo, const LocateOptions& options = {});
  PhotoResult locate(EncodedPhoto& photo, const LocateOptions& options = {});
  // The evidence that faces are found by, at no more than `longest_side` cells a side, at each
  // place the strongest of all scales. Costs as much as locating; of the options min_face and the
  // limits are used. Throws Error(invalid_argument) for an empty photo or a side below 1.
  ResponseMap response_map(const ImageView& photo, const LocateOptions& options = {},
                           int longest_side = 96);
  // Attributes of faces whose boxes are given, in order (e.g. a constant window in evaluations).
  // Throws Error(invalid_argument) for a box that is empty or not finite.
  std::vector<Face> describe(const ImageView& photo, std::span<const Box> boxes,
                             const std::string& head = "celeba",
                             ThresholdMode threshold_mode = ThresholdMode::accuracy);
  // The same with extra heads, features and limits; what else `options.locate` says is not used.
  std::vector<Face> describe(const ImageView& photo, std::span<const Box> boxes,
                             const PredictOptions& options);
  // ANet's feature vectors of faces whose boxes are given (paper, section 3.2), in order: the layer
  // that `head` reads, the mean over the patches; Model::feature_size(head) numbers each.
  std::vector<std::vector<float>> features(const ImageView& photo, std::span<const Box> boxes,
                                           const std::string& head = "celeba");

  [[nodiscard]] const Model& model() const;
  [[nodiscard]] Precision precision() const;  // as it was asked for

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace facet
