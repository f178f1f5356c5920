// SPDX-License-Identifier: Apache-2.0
#include "photos/video/face_tracks.hpp"

#include <gtest/gtest.h>

namespace facet::detail {
namespace {

Face face_at(float x, float score, float smiling = 0.5F) {
  Face face;
  face.box = {x, 10, 40, 50};
  face.score = score;
  face.attributes = {{"Smiling", smiling, 0.5F, smiling >= 0.5F}};
  return face;
}

PhotoResult frame_at(double time, std::vector<Face> faces) {
  PhotoResult frame;
  frame.path = "clip.mp4";
  frame.width = 640;
  frame.height = 480;
  frame.min_face = 40;
  frame.status = faces.empty() ? PhotoStatus::no_face : PhotoStatus::ok;
  frame.time = time;
  frame.faces = std::move(faces);
  return frame;
}

PhotoResult followed(const std::vector<PhotoResult>& frames, double every = 1) {
  FaceTracks tracks(every);
  for (const PhotoResult& frame : frames) tracks.add(frame);
  return tracks.finish();
}

TEST(FaceTracks, JoinAFaceAndAverageItsProbabilities) {
  const PhotoResult video =
      followed({frame_at(0, {face_at(100, 2, 0.2F)}), frame_at(1, {face_at(110, 5, 0.9F)}),
                frame_at(2, {face_at(120, 3, 0.7F)})});
  ASSERT_EQ(video.faces.size(), 1U);
  const Face& face = video.faces.front();
  ASSERT_TRUE(face.track);
  EXPECT_EQ(face.track->first, 0);
  EXPECT_EQ(face.track->last, 2);
  EXPECT_EQ(face.track->frames, 3);
  EXPECT_EQ(face.track->time, 1);
  EXPECT_EQ(face.box.x, 110) << "of the strongest frame";
  EXPECT_FLOAT_EQ(face["Smiling"].probability, 0.6F);
  EXPECT_TRUE(face["Smiling"].present);
  EXPECT_EQ(video.frames, 3);
  EXPECT_FALSE(video.time);
  EXPECT_EQ(video.width, 640);
}

TEST(FaceTracks, KeepFacesBesideEachOtherApart) {
  const PhotoResult video = followed({frame_at(0, {face_at(100, 2), face_at(140, 1)}),
                                      frame_at(1, {face_at(142, 3), face_at(102, 1)})});
  ASSERT_EQ(video.faces.size(), 2U);
  for (const Face& face : video.faces) EXPECT_EQ(face.track->frames, 2);
}

TEST(FaceTracks, BridgeOneFrameWithoutTheFaceButNotThree) {
  EXPECT_EQ(
      followed({frame_at(0, {face_at(100, 2)}), frame_at(1, {}), frame_at(2, {face_at(100, 2)})})
          .faces.size(),
      1U);
  EXPECT_EQ(followed({frame_at(0, {face_at(100, 2)}), frame_at(1, {}), frame_at(2, {}),
                      frame_at(3, {}), frame_at(4, {face_at(100, 2)})})
                .faces.size(),
            2U);
}

TEST(FaceTracks, BeginAnewWhereTheFaceIsElsewhere) {
  const PhotoResult video =
      followed({frame_at(0, {face_at(100, 2)}), frame_at(1, {face_at(300, 2)})});
  ASSERT_EQ(video.faces.size(), 2U);
  EXPECT_EQ(video.faces[0].track->last, 0);
  EXPECT_EQ(video.faces[1].track->first, 1);
}

TEST(FaceTracks, OfAVideoWithoutFacesAreNone) {
  const PhotoResult video = followed({frame_at(0, {}), frame_at(1, {})});
  EXPECT_EQ(video.status, PhotoStatus::no_face);
  EXPECT_EQ(video.frames, 2);
}

}  // namespace
}  // namespace facet::detail
