// SPDX-License-Identifier: Apache-2.0
// Several photos at once, one status each: a table, or with --json what the command writes.
#include <facet/facet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int fail(const char* what) {
  fprintf(stderr, "%s: %s\n", what, facet_last_error());
  return EXIT_FAILURE;
}

static void print_photo(const facet_result* result) {
  facet_photo_info photo = {sizeof photo};
  facet_result_photo(result, &photo);
  if (photo.status == FACET_PHOTO_UNREADABLE) {
    printf("%s: unreadable: %s\n", photo.path, photo.reason);
    return;
  }
  printf("%s: %zu faces\n", photo.path, photo.face_count);
  for (size_t i = 0; i < photo.face_count; ++i) {
    facet_face face = {sizeof face};
    facet_attribute smiling = {sizeof smiling};
    facet_result_face(result, i, &face);
    facet_result_find_attribute(result, i, "Smiling", &smiling);
    printf("  %.0fx%.0f pixels, labelled as smiling with probability %.3f\n", face.box.width,
           face.box.height, smiling.probability);
  }
}

static int print_all(facet_predictor* predictor, const facet_photo* const* photos, size_t count,
                     bool json) {
  facet_result** results = calloc(count, sizeof *results);
  facet_predict_options options = {.struct_size = sizeof options, .timeout_ms = 60000};
  if (results == NULL) return EXIT_FAILURE;
  if (facet_predict(predictor, photos, count, &options, results) != FACET_OK) {
    free(results);
    return fail("predict");
  }
  int code = EXIT_SUCCESS;
  if (json) {
    char* text = NULL;
    if (facet_results_to_json((const facet_result* const*)results, count, &text) == FACET_OK) {
      fputs(text, stdout);
    } else {
      code = fail("JSON");
    }
    facet_text_free(text);
  }
  for (size_t i = 0; i < count; ++i) {
    if (!json) print_photo(results[i]);
    facet_result_free(results[i]);
  }
  free(results);
  return code;
}

int main(int argc, char** argv) {
  const bool json = argc > 1 && strcmp(argv[1], "--json") == 0;
  const int first = json ? 2 : 1;
  if (argc <= first) {
    fprintf(stderr, "usage: predict [--json] PHOTO…\n");
    return 2;
  }
  const size_t count = (size_t)(argc - first);
  facet_model* model = NULL;
  facet_predictor* predictor = NULL;
  if (facet_model_load(NULL, &model) != FACET_OK) return fail("model");
  const facet_status status = facet_predictor_create(model, NULL, &predictor);
  facet_model_free(model);  // the predictor keeps what it needs
  if (status != FACET_OK) return fail("predictor");

  facet_photo** photos = calloc(count, sizeof *photos);
  int code = photos == NULL ? EXIT_FAILURE : EXIT_SUCCESS;
  for (size_t i = 0; i < count && code == EXIT_SUCCESS; ++i) {
    if (facet_photo_from_file(argv[first + (int)i], &photos[i]) != FACET_OK) code = fail("photo");
  }
  if (code == EXIT_SUCCESS) {
    code = print_all(predictor, (const facet_photo* const*)photos, count, json);
  }
  for (size_t i = 0; photos != NULL && i < count; ++i) facet_photo_free(photos[i]);
  free(photos);
  facet_predictor_free(predictor);
  return code;
}
