// SPDX-License-Identifier: Apache-2.0
// Why a face is said to have an attribute: concepts, neurons and the region that decide, as numbers
// that sum to the score.
//
// An attribute's score is linear in ANet's features (paper, section 3.2; called neurons here):
//
//   score = average face's score + what each neuron adds to it on this face
//
// A concept is a group of neurons that go with the same attribute of the photos they were compared
// on. What is said is about the model: which of its neurons decide, not what is true of a person.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "facet/api.hpp"
#include "facet/encoded_photo.hpp"
#include "facet/image.hpp"
#include "facet/model.hpp"
#include "facet/precision.hpp"
#include "facet/prediction.hpp"
#include "facet/predictor.hpp"

namespace facet {

namespace detail {
struct ConceptParts;
struct ConceptAccess;
}  // namespace detail

// What a model's neurons stand for, from photos of people whom its networks were not tuned on:
// a file of at most 1 MB beside the model's own (`facet model explain-fit` makes it). Immutable and
// thread-safe.
class FACET_API Concepts {
 public:
  // Reads and checks the file; nothing in it is trusted. Throws Error: not_found, bad_model.
  static std::shared_ptr<const Concepts> load(const std::filesystem::path& path);
  // The file beside a model's: models/best.explain for models/best.safetensors. Throws
  // Error(not_found), which says how to make one.
  static std::shared_ptr<const Concepts> load_beside(const std::filesystem::path& model);
  static std::filesystem::path path_beside(const std::filesystem::path& model);

  [[nodiscard]] int neurons() const;
  // The mean of faces of at least 50 people at whom the neuron responds most, as ANet sees faces.
  // Throws Error(invalid_argument) for a neuron that there is not.
  [[nodiscard]] Image neuron_face(int neuron) const;
  // The mean over all people.
  [[nodiscard]] Image average_face() const;
  // Which model it is about, photos and people it was made from, as one JSON object.
  [[nodiscard]] std::string info_json() const;

 private:
  friend struct detail::ConceptAccess;
  explicit Concepts(std::shared_ptr<const detail::ConceptParts> parts);
  std::shared_ptr<const detail::ConceptParts> parts_;
};

// How a neuron goes with an attribute over photos: −1…1.
struct AttributeLink {
  std::string attribute;
  float correlation = 0;
};

// What one concept adds to a score.
struct ConceptTerm {
  std::string name;  // the attribute that its neurons go with most: "Bangs"; or against: "not Male"
  int neurons = 0;   // how many it has
  float contribution = 0;  // to the score, against the average face
  // How much more its neurons respond than on the average face: the mean over them, weighed by what
  // they mean for the score, in standard deviations. "not Male" below 0: less "not male" than
  // usual.
  float response = 0;
  int leading_neuron = -1;  // adds most of it, in its direction
};

// What one neuron adds to the sparse score.
struct NeuronTerm {
  int neuron = 0;
  std::string concept_name;              // empty where it goes with no attribute
  std::vector<AttributeLink> goes_with;  // strongest first
  float response = 0;                    // above the average face, in standard deviations
  float weight = 0;
  float contribution = 0;
};

// The attribute's sparse head: few neurons that decide as the full head does.
struct SparseTerms {
  float average_score = 0;          // of the average face
  std::vector<NeuronTerm> neurons;  // largest contribution first; all of the head's
  float score = 0;                  // average_score + the contributions
  float threshold_score = 0;        // from which the attribute holds
  float probability = 0;
  bool present = false;
  bool agrees = false;    // with the full head
  int total_neurons = 0;  // that the full head reads
};

// A concept's contribution as it is and as it would have to be.
struct ConceptChange {
  std::string name;
  float from = 0;
  float to = 0;
};

// Where on the face the score comes from: side² values over the square that ANet sees, turned
// upright, row by row; positive where the place speaks for the attribute. They sum to the score,
// less that of a face whose last map in ANet is the average one, but for ANet's roundings.
struct RegionMap {
  int side = 0;
  std::vector<float> values;
  std::string place;      // "hair and forehead": where most of what supports the answer lies
  float place_share = 0;  // of it
};

struct AttributeExplanation {
  std::string name;
  float probability = 0;
  float threshold = 0.5F;
  bool present = false;
  bool unsure = false;        // the probability is within 0.1 of the threshold
  float score = 0;            // as the head gives it
  float threshold_score = 0;  // from which the attribute holds
  float average_score = 0;    // of the average face
  // Largest contribution first. average_score + all of these + rest = score.
  std::vector<ConceptTerm> concepts;
  float rest = 0;  // of neurons that go with no attribute
  SparseTerms sparse;
  // The fewest concepts that would turn the answer, moved no further than 98 of 100 faces have
  // them; nothing where no such change does.
  std::optional<std::vector<ConceptChange>> flip;
  RegionMap region;
};

// The square of the photo that ANet saw, turned clockwise about its centre; pixels, radians.
struct FaceSquare {
  float centre_x = 0;
  float centre_y = 0;
  float side = 0;
  float angle = 0;
};

struct FaceExplanation {
  FaceSquare square;
  Image view;  // that square upright, ExplainOptions::view_side high
  std::vector<AttributeExplanation> attributes;
};

struct PhotoExplanation {
  PhotoResult photo;                   // as Predictor::predict gives it
  std::vector<FaceExplanation> faces;  // of photo.faces, in order
};

struct ExplainOptions {
  PredictOptions predict;  // without extra heads: those were not compared with photos
  // The attributes to be explained; none: those that hold.
  std::vector<std::string> attributes;
  int view_side = 0;  // of FaceExplanation::view, at most 1024; 0: no view
};

// Explains what a Predictor says. Holds scratch memory: one a thread.
class FACET_API Explainer {
 public:
  // Throws Error(bad_model) where the concepts are another model's; else as Predictor.
  Explainer(std::shared_ptr<const Model> model, std::shared_ptr<const Concepts> concepts,
            int threads = 1, Precision precision = Precision::automatic);
  ~Explainer();
  Explainer(Explainer&&) noexcept;
  Explainer& operator=(Explainer&&) noexcept;

  // What is predicted is what Predictor::predict says with the same options. Takes less than three
  // times as long. Throws as that, and Error(invalid_argument) for an attribute that the head does
  // not have, a head that the concepts do not cover, or extra heads.
  PhotoExplanation explain(const ImageView& photo, const ExplainOptions& options = {});
  PhotoExplanation explain(EncodedPhoto& photo, const ExplainOptions& options = {});

  [[nodiscard]] const Model& model() const;
  [[nodiscard]] const Concepts& concepts() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace facet
