// SPDX-License-Identifier: Apache-2.0
// From photos and a list of labels to the head of a new attribute: the whole of `facet teach` but
// for reading photos and talking to people.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "facet/image.hpp"
#include "facet/model.hpp"
#include "facet/predictor.hpp"
#include "facet/taught_head.hpp"
#include "teach/teach.hpp"
#include "teach/teach_labels.hpp"
#include "teach/teach_report.hpp"

namespace facet::detail {

struct TeachRequest {
  std::string name;  // of the attribute
  // A list of photos (read_label_list()), or faces of which people said it (read_said_faces()).
  std::filesystem::path labels;
  std::string head = "celeba";  // bundled head whose features are used
  bool person_folders = false;  // a folder holds one person's photos
  LocateOptions locate;         // of several faces the strongest is taken
  int threads = 1;              // for fitting
  std::function<void(const std::string&)> warn = [](const std::string&) {};
};

// How photos are asked about. `make_ask` is called once in every worker with the threads that one
// photo may use; what it makes, with each photo and its number among those asked about.
using AskAboutPhoto = std::function<PhotoResult(std::size_t number, const Image& photo)>;
using MakeAskAboutPhoto = std::function<AskAboutPhoto(int threads)>;
// Reads the photos at these places and asks about each; hands the results on in order, those of
// photos that cannot be read as PhotoStatus::unreadable.
using AskAboutPhotos =
    std::function<void(std::span<const std::size_t> places, const MakeAskAboutPhoto& make_ask,
                       const std::function<void(const PhotoResult&)>& consume)>;

struct TaughtAttribute {
  TaughtHead head;
  TeachingFigures figures;
  TeachingRemarks remarks;
};

// Throws Error: what reading and matching the labels throws, bad_label where they name none of the
// photos, invalid_argument for a name that is none, a head that the model lacks or too few photos.
TaughtAttribute teach_attribute(const TeachRequest& request,
                                const std::shared_ptr<const Model>& model,
                                std::span<const PhotoName> photos, const AskAboutPhotos& ask);

}  // namespace facet::detail
