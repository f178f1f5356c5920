// SPDX-License-Identifier: Apache-2.0
// A frame in memory, BGR with padded rows as cameras and OpenCV give it; nothing is copied.
#include <facet/facet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { kWidth = 200, kHeight = 150, kStride = kWidth * 3 + 8 };

int main(void) {
  // Stands for a camera that sees a grey wall.
  static uint8_t frame[kStride * kHeight];
  for (size_t i = 0; i < sizeof frame; ++i) frame[i] = 128;
  const facet_pixels pixels = {.struct_size = sizeof pixels,
                               .data = frame,
                               .size = sizeof frame,
                               .width = kWidth,
                               .height = kHeight,
                               .format = FACET_PIXELS_BGR,
                               .stride = kStride};
  const facet_predict_options options = {
      .struct_size = sizeof options, .min_face = 40, .max_faces = 5};
  facet_model* model = NULL;
  facet_predictor* predictor = NULL;
  facet_result* result = NULL;
  facet_photo_info photo = {.struct_size = sizeof photo};
  const bool done = facet_model_load(NULL, &model) == FACET_OK &&
                    facet_predictor_create(model, NULL, &predictor) == FACET_OK &&
                    facet_predict_pixels(predictor, &pixels, &options, &result) == FACET_OK &&
                    facet_result_photo(result, &photo) == FACET_OK;
  if (done) {
    printf("%dx%d pixels, %zu faces\n", photo.width, photo.height, photo.face_count);
  } else {
    fprintf(stderr, "%s\n", facet_last_error());
  }
  facet_result_free(result);
  facet_predictor_free(predictor);
  facet_model_free(model);
  return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
