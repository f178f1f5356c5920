// SPDX-License-Identifier: Apache-2.0
#include "teach/neuron_faces.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "facet/error.hpp"

namespace facet::detail {
namespace {

// Two photos of each person: all dark, or all bright where the neuron responds.
struct People {
  explicit People(int count) {
    for (int person = 0; person < count; ++person) {
      for (int photo = 0; photo < 2; ++photo) {
        const bool bright = person % 2 == 1 && photo == 1;
        Image face(kMeanFaceSide, kMeanFaceSide);
        std::fill(face.pixels.begin(), face.pixels.end(), bright ? 200 : 50);
        faces.push_back(face);
        features.push_back(bright ? 5.0F : 0.0F);
        people.push_back(person);
      }
    }
  }
  std::vector<Image> faces;
  std::vector<float> features;
  std::vector<int> people;
};

TEST(MeanFaces, AreOfOnePhotoOfEachOfTheHundredMostResponded) {
  const People some(240);  // 120 of them have a photo at which the neuron responds
  const Image sheet = mean_faces(some.faces, some.features, 1, some.people, 4);
  EXPECT_EQ(sheet.width, 4 * kMeanFaceSide);
  EXPECT_EQ(sheet.height, kMeanFaceSide);
  EXPECT_EQ(sheet.row(0)[0], 200);
  // The average over all photos: a quarter of them is bright.
  EXPECT_EQ(sheet.row(0)[kMeanFaceSide * 3], 88);
}

TEST(MeanFaces, NeedFiftyPeople) {
  const People few(49);
  EXPECT_THROW(mean_faces(few.faces, few.features, 1, few.people, 4), Error);
}

}  // namespace
}  // namespace facet::detail
