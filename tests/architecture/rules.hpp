// SPDX-License-Identifier: Apache-2.0
// Which room of the house may include what: the rules that arrows_test.cpp holds every #include to.
// docs/architecture.md draws the same. A new room or library gets a line here.
//
// A room is a folder of src/. The others are public (include/facet), command (apps/facet), server
// (apps/facet-server), training, bench, bindings, fuzz and examples. Lists are words between
// spaces.
#pragma once

#include <array>
#include <string_view>

namespace facet::architecture {

// The way of a photo and what shows its results: what every user of facet has.
inline constexpr std::string_view inference =
    "base format image network model localise describe heads predict explain report draw photos "
    "index c_api public";
inline constexpr std::string_view research =
    "recipe augment dataset pack teach stages evaluate export";

// None of the rooms in `from` includes one in `to`.
struct ForbiddenArrow {
  std::string_view from;
  std::string_view to;
  std::string_view why;
};
inline constexpr std::array forbidden_arrows = {
    ForbiddenArrow{"format", "network model", "files are read without knowing what runs them"},
    ForbiddenArrow{"network", "model", "networks know layers, not models"},
    ForbiddenArrow{"localise", "describe heads predict report",
                   "predict puts the stages together; none knows another"},
    ForbiddenArrow{"describe", "localise heads predict report",
                   "predict puts the stages together; none knows another"},
    ForbiddenArrow{"heads", "localise describe predict report",
                   "predict puts the stages together; none knows another"},
    ForbiddenArrow{"report draw index", "localise describe network",
                   "results are shown and kept without knowing how they were found"},
    ForbiddenArrow{"explain", "report draw", "explanations are values; others show them"},
    ForbiddenArrow{"base format image network model localise describe heads", "explain",
                   "who only predicts does without explanations"},
    ForbiddenArrow{inference, "c_api", "C is for those outside; the house speaks C++"},
    ForbiddenArrow{inference, research, "who only predicts does without the researchers' rooms"},
    ForbiddenArrow{"teach stages", "evaluate", "what is measured must not shape what is fitted"},
};

// The rooms in `from` include themselves and those in `to`, and no other. "public" stands for every
// header of include/facet.
struct ClosedRoom {
  std::string_view from;
  std::string_view to;
  std::string_view why;
};
inline constexpr std::array closed_rooms = {
    ClosedRoom{"public", "", "users have these headers alone"},
    ClosedRoom{"base", "public", "every other room stands on it"},
    ClosedRoom{"training", "base format pack recipe augment",
               "libtorch must not reach inference, nor inference training"},
    ClosedRoom{"bindings server", "public photos index report explain",
               "they are users of the library"},
};

// Public headers that belong to a room, where they are more than values: to include one is an arrow
// to that room. All others are open to every room.
struct HeaderOfRoom {
  std::string_view header;
  std::string_view room;
};
inline constexpr std::array headers_of_rooms = {
    HeaderOfRoom{"facet/error.hpp", "base"},
    HeaderOfRoom{"facet/model.hpp", "model"},
    HeaderOfRoom{"facet/taught_head.hpp", "heads"},
    HeaderOfRoom{"facet/predictor.hpp", "predict"},
    HeaderOfRoom{"facet/facet.hpp", "predict"},
    HeaderOfRoom{"facet/report.hpp", "report"},
    HeaderOfRoom{"facet/draw.hpp", "draw"},
    HeaderOfRoom{"facet/explain.hpp", "explain"},
    HeaderOfRoom{"facet/explain_report.hpp", "report"},
};

// Headers that start with one of `headers` are included below the folders `in` alone.
struct LibraryRule {
  std::string_view name;
  std::string_view headers;
  std::string_view in;
};
inline constexpr std::array library_rules = {
    LibraryRule{"oneDNN", "oneapi/ dnnl", "src/network src/describe/one_pass bench"},
    LibraryRule{"OpenCV", "opencv",
                "src/draw src/localise/proposers/edgeboxes src/evaluate/onnx bench"},
    LibraryRule{"libtorch", "torch/ ATen/ c10/", "training"},
    LibraryRule{"SQLite", "sqlite3", "src/index/sqlite"},
    LibraryRule{"PostgreSQL", "libpq postgresql/ pqxx/", "src/index/postgres"},
    LibraryRule{"XMP", "exempi/", "src/index/sidecars"},
    LibraryRule{"HTTP", "httplib microhttpd boost/beast boost/asio drogon/ crow curl/",
                "apps/facet-server"},
    LibraryRule{"Prometheus", "prometheus/", "apps/facet-server"},
    LibraryRule{"FFmpeg", "libavformat/ libavcodec/ libavutil/ libswscale/", "src/photos/video"},
    LibraryRule{"photo formats",
                "jpeglib jerror png.h webp/ libexif/ libheif/ tiff jxl/ libraw/ lcms2",
                "src/image"},
    LibraryRule{"LIBLINEAR", "linear.h liblinear/", "src/teach"},
    LibraryRule{"Eigen", "Eigen/", "src/evaluate/statistics"},
    LibraryRule{"matio", "matio", "src/dataset"},
    LibraryRule{"ONNX", "onnx/", "src/export"},
    LibraryRule{"toml++", "toml++/", "src/recipe"},
    LibraryRule{"CLI11", "CLI/", "apps training bench"},
};

}  // namespace facet::architecture
