// SPDX-License-Identifier: Apache-2.0
#include "predict/golden_samples.hpp"

#include <cstdio>
#include <fstream>
#include <iomanip>
#include <sstream>
#include <stdexcept>

#include "facet/predictor.hpp"

namespace facet::golden {
namespace {

constexpr std::size_t fields_before_attributes = 6;

std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> result;
  std::istringstream text(line);
  for (std::string cell; std::getline(text, cell, ',');) result.push_back(cell);
  return result;
}

}  // namespace

GoldenSamples predict_samples(const std::shared_ptr<const Model>& model,
                              const std::filesystem::path& samples) {
  GoldenSamples golden;
  golden.attributes = model->attribute_names("celeba");
  Predictor predictor(model, 2, Precision::fp32);
  for (const char* photo : {"astronaut.png", "chelsea.png", "coffee.png", "solvay_1927.jpg"}) {
    for (const Face& face : predictor.predict(read_image(samples / photo)).faces) {
      GoldenFace one{photo, face.box, face.score, {}};
      for (const auto& attribute : face.attributes) {
        one.probabilities.push_back(attribute.probability);
      }
      golden.faces.push_back(std::move(one));
    }
  }
  return golden;
}

std::vector<Box> solvay_boxes() {
  std::ifstream file(std::string(FACET_SOURCE_DIR) +
                     "/tests/predict/samples/solvay_1927_boxes.txt");
  std::vector<Box> boxes;
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields(line);
    Box box;
    if (fields >> box.x >> box.y >> box.width >> box.height) boxes.push_back(box);
  }
  return boxes;
}

void write_golden(const std::filesystem::path& file, const GoldenSamples& samples) {
  std::ofstream out(file);
  out << "photo,x,y,width,height,score";
  for (const std::string& name : samples.attributes) out << ',' << name;
  out << '\n' << std::fixed;
  for (const GoldenFace& face : samples.faces) {
    out << face.photo << std::setprecision(2);
    for (const float value :
         {face.box.x, face.box.y, face.box.width, face.box.height, face.score}) {
      out << ',' << value;
    }
    out << std::setprecision(3);
    for (const float probability : face.probabilities) out << ',' << probability;
    out << '\n';
  }
  if (!out.flush()) throw std::runtime_error(file.string() + ": cannot be written");
}

GoldenSamples read_golden(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string line;
  if (!std::getline(in, line)) throw std::runtime_error(file.string() + ": cannot be read");
  GoldenSamples samples;
  const std::vector<std::string> head = cells(line);
  const std::size_t columns = head.size();
  if (columns <= fields_before_attributes) throw std::runtime_error(file.string() + ": line 1");
  samples.attributes.assign(head.begin() + fields_before_attributes, head.end());
  for (int number = 2; std::getline(in, line); ++number) {
    const std::vector<std::string> row = cells(line);
    if (row.size() != columns) {
      throw std::runtime_error(file.string() + ": line " + std::to_string(number));
    }
    GoldenFace face;
    face.photo = row[0];
    face.box = {std::stof(row[1]), std::stof(row[2]), std::stof(row[3]), std::stof(row[4])};
    face.score = std::stof(row[5]);
    for (std::size_t i = fields_before_attributes; i < columns; ++i) {
      face.probabilities.push_back(std::stof(row[i]));
    }
    samples.faces.push_back(std::move(face));
  }
  return samples;
}

}  // namespace facet::golden
