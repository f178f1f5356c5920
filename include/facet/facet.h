/* SPDX-License-Identifier: Apache-2.0 */
/* facet for C (C11) and for every language that can call C.
 *
 *   facet_model* model = NULL;
 *   facet_predictor* predictor = NULL;
 *   facet_result* result = NULL;
 *   if (facet_model_load(NULL, &model) == FACET_OK &&
 *       facet_predictor_create(model, NULL, &predictor) == FACET_OK &&
 *       facet_predict_file(predictor, "photo.jpg", NULL, &result) == FACET_OK) {
 *     facet_attribute smiling = {sizeof smiling};
 *     if (facet_result_find_attribute(result, 0, "Smiling", &smiling) == FACET_OK) use(smiling);
 *   }
 *   facet_result_free(result); facet_predictor_free(predictor); facet_model_free(model);
 *
 * Errors. A function that can fail returns a facet_status. One that is not FACET_OK leaves every
 *   output as NULL or 0, and facet_last_error() then says in one line what was wrong. Nothing is
 *   printed, nothing is thrown, the program is never ended. NULL for a handle, a handle of another
 *   kind and a wrong struct_size are FACET_INVALID_ARGUMENT; a handle that was freed is not known
 *   again for certain.
 * Ownership. What a function puts into an output belongs to the caller, who frees it with the
 *   function of its kind (text: facet_text_free), in any order: a predictor keeps what it needs of
 *   its model. To free NULL does nothing. Pointers inside a result, a model or a head are theirs
 *   and hold until that is freed.
 * Threads. Every handle may be used by several threads at once, and freed when no call uses it.
 *   The last error is the calling thread's own.
 * fork(). A process that predicted and then forks cannot predict in the child; start children anew.
 * struct_size. First member of every struct that may grow: the caller sets it to sizeof the struct.
 *   All other members may be 0 and mean then what is said beside them. A struct that is longer than
 *   the library knows is accepted where the rest is 0.
 * Text is UTF-8, but for paths and names of photos, which are bytes that end at a 0.
 *
 * Attributes are what labellers ticked when they looked at photos, not truths about a person. The
 * weights that come with facet are for non-commercial research only. */
#ifndef FACET_FACET_H
#define FACET_FACET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__) || defined(__clang__)
#define FACET_C_API __attribute__((visibility("default")))
#else
#define FACET_C_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef struct facet_model facet_model;         /* networks, heads and settings; immutable */
typedef struct facet_predictor facet_predictor; /* what runs a model */
typedef struct facet_photo facet_photo;         /* a photo to be asked about; immutable */
typedef struct facet_result facet_result;       /* what facet says about a photo; immutable */
typedef struct facet_head facet_head;           /* a taught attribute; immutable */
typedef struct facet_explainer facet_explainer; /* says why; what runs a model's explanations */
typedef struct facet_stop facet_stop;           /* asks calls to end */

/* ---- Errors ---- */

typedef int32_t facet_status;
enum {
  FACET_OK = 0,
  FACET_INVALID_ARGUMENT = 1, /* the call makes no sense */
  FACET_NOT_FOUND = 2,        /* a file that was named does not exist */
  FACET_UNREADABLE = 3,       /* a photo that cannot be decoded */
  FACET_TOO_LARGE = 4,        /* a photo above the pixel limit */
  FACET_BAD_MODEL = 5,        /* a model or head that is damaged, foreign or does not fit */
  FACET_BAD_LABEL = 6,
  FACET_IO = 7, /* reading or writing failed */
  FACET_UNSUPPORTED = 8,
  FACET_CANCELLED = 9,  /* a stop was requested */
  FACET_TIMED_OUT = 10, /* the time was up */
  FACET_OUT_OF_MEMORY = 11,
  FACET_INTERNAL = 12 /* a fault of facet's own */
};

/* "ok", "invalid_argument", …; "unknown" for a number that is none. */
FACET_C_API const char* facet_status_name(facet_status status);
/* What was wrong in this thread's last call that failed; "" before the first. It holds until the
 * next call that fails. Bytes of paths that are not UTF-8 are shown as \xNN. */
FACET_C_API const char* facet_last_error(void);
/* Of the library that runs, e.g. "0.2.0". Programs of one 0.minor fit libraries of the same. */
FACET_C_API const char* facet_version(void);
/* Texts that a function put into a char**. */
FACET_C_API void facet_text_free(char* text);

/* ---- Models ---- */

/* Reads and checks a model file; NULL: the default model, which $FACET_MODEL names or which lies
 * where facet is installed. */
FACET_C_API facet_status facet_model_load(const char* path, facet_model** model);
/* From the bytes of such a file, which may go afterwards. `name` (NULL: "model") is for messages.
 */
FACET_C_API facet_status facet_model_load_bytes(const void* bytes, size_t size, const char* name,
                                                facet_model** model);
FACET_C_API void facet_model_free(facet_model* model);

/* NULL where `model` is no model. */
FACET_C_API const char* facet_model_name(const facet_model* model);
FACET_C_API const char* facet_model_version(const facet_model* model);  /* of the weights */
FACET_C_API const char* facet_model_checksum(const facet_model* model); /* SHA-256, hex */
FACET_C_API const char* facet_model_licence(const facet_model* model);
/* What `facet model info --json` shows, but for the cost. */
FACET_C_API facet_status facet_model_info_json(const facet_model* model, char** json);
/* How many attributes a head ("celeba", "lfwa") has, and how they are called, 0 … count-1. */
FACET_C_API facet_status facet_model_attribute_count(const facet_model* model, const char* head,
                                                     size_t* count);
FACET_C_API facet_status facet_model_attribute_name(const facet_model* model, const char* head,
                                                    size_t index, const char** name);
/* Numbers in a face's feature vector. */
FACET_C_API facet_status facet_model_feature_size(const facet_model* model, const char* head,
                                                  size_t* size);

/* ---- Heads for further attributes (`facet teach`) ---- */

FACET_C_API facet_status facet_head_load(const char* path, facet_head** head);
FACET_C_API void facet_head_free(facet_head* head);

typedef struct facet_head_values {
  size_t struct_size;
  const char* name;    /* of the attribute: one word */
  const float* weight; /* one a feature */
  size_t weight_count;
  float bias;          /* score = weight · features + bias */
  float calibration_a; /* probability = 1 / (1 + exp(-(a * score + b))) */
  float calibration_b;
  float threshold;          /* probability from which the attribute holds */
  float threshold_balanced; /* the same for balanced accuracy */
  /* How it was taught; shares are 0…1. */
  uint64_t photos;
  uint64_t positives;
  float cost;
  float accuracy;
  float balanced_accuracy;
  float log_loss;
} facet_head_values;

/* A head on the features that the model's head `features_of` (NULL: "celeba") reads. */
FACET_C_API facet_status facet_head_create(const facet_model* model, const char* features_of,
                                           const facet_head_values* values, facet_head** head);
/* The caller sets `values->struct_size`. */
FACET_C_API facet_status facet_head_get(const facet_head* head, facet_head_values* values);
/* FACET_OK where the head's features are this model's; else FACET_BAD_MODEL. */
FACET_C_API facet_status facet_head_check_fit(const facet_head* head, const facet_model* model);
/* Writes the file whole or leaves it as it was. A file that facet did not write is replaced only
 * with `overwrite`. */
FACET_C_API facet_status facet_head_save(const facet_head* head, const char* path, bool overwrite);

/* ---- Predictors ---- */

typedef int32_t facet_precision;
enum {
  FACET_PRECISION_AUTO = 0, /* fast where hardly any answer changes by it */
  FACET_PRECISION_FP32 = 1,
  FACET_PRECISION_BF16 = 2 /* FACET_UNSUPPORTED where the processor has not got it */
};

typedef struct facet_predictor_options {
  size_t struct_size;
  int32_t threads; /* cores that one call uses; 0: all. Results do not depend on it */
  int32_t calls;   /* calls that work at once; 0: one. Others wait */
  facet_precision precision;
} facet_predictor_options;

/* `options` NULL: the defaults. */
FACET_C_API facet_status facet_predictor_create(const facet_model* model,
                                                const facet_predictor_options* options,
                                                facet_predictor** predictor);
FACET_C_API void facet_predictor_free(facet_predictor* predictor);

/* ---- Photos ---- */

/* A file, read when it is asked about. Its path stands in the result. */
FACET_C_API facet_status facet_photo_from_file(const char* path, facet_photo** photo);
/* The bytes of such a file, borrowed: they stay as they are until the photo is freed. `name`
 * (NULL: "") stands for the path in the result. */
FACET_C_API facet_status facet_photo_from_bytes(const void* bytes, size_t size, const char* name,
                                                facet_photo** photo);

typedef int32_t facet_pixel_format;
enum {
  FACET_PIXELS_RGB = 0, /* 8 bits a channel, interleaved */
  FACET_PIXELS_BGR = 1,
  FACET_PIXELS_RGBA = 2, /* alpha is laid over white */
  FACET_PIXELS_BGRA = 3,
  FACET_PIXELS_GREY = 4
};

typedef struct facet_pixels {
  size_t struct_size;
  const uint8_t* data; /* the upper left pixel */
  size_t size;         /* bytes that may be read from there on */
  int32_t width;
  int32_t height;
  facet_pixel_format format;
  ptrdiff_t stride; /* bytes from a row to the next; 0: rows follow one another */
} facet_pixels;

/* An upright photo in memory, borrowed as bytes are; nothing is copied. */
FACET_C_API facet_status facet_photo_from_pixels(const facet_pixels* pixels, const char* name,
                                                 facet_photo** photo);
FACET_C_API void facet_photo_free(facet_photo* photo);

/* ---- Predictions ---- */

FACET_C_API facet_status facet_stop_create(facet_stop** stop);
/* Calls that were given it return FACET_CANCELLED within some milliseconds, later ones at once. */
FACET_C_API void facet_stop_request(facet_stop* stop);
FACET_C_API void facet_stop_free(facet_stop* stop);

typedef int32_t facet_proposals;
enum {
  FACET_PROPOSALS_EVIDENCE = 0, /* LNet's own */
  FACET_PROPOSALS_EDGEBOXES = 1 /* the paper's; needs a plugin */
};

typedef int32_t facet_turns; /* looks at the photo turned by 90, 180 and 270 degrees */
enum {
  FACET_TURNS_AUTO = 0, /* where nothing upright was found */
  FACET_TURNS_NONE = 1,
  FACET_TURNS_ALL = 2 /* always: four times the work */
};

typedef int32_t facet_threshold_mode;
enum {
  FACET_THRESHOLDS_ACCURACY = 0, /* fewest wrong answers */
  FACET_THRESHOLDS_BALANCED = 1  /* finds more of what is rare */
};

typedef struct facet_predict_options {
  size_t struct_size;
  const char* head; /* NULL: "celeba" */
  facet_threshold_mode threshold_mode;
  facet_proposals proposals;
  facet_turns turns;
  bool use_threshold; /* `threshold` counts; else the model's own */
  bool dominant;      /* exactly one face, the strongest, whatever its score */
  bool all;           /* also candidates below the threshold */
  bool boxes_only;    /* faces without attributes, as `facet locate` */
  bool features;      /* also each face's feature vector */
  bool tolerant;      /* also photos of which pixels are missing or wrong */
  float threshold;    /* score from which a window is a face */
  float min_face;     /* smallest face height in pixels, >= 8; 0: as the command */
  int32_t max_faces;  /* the strongest so many; 0: all */
  int64_t max_pixels; /* larger photos are refused; 0: 250 million */
  int64_t timeout_ms; /* the call ends with FACET_TIMED_OUT then; 0: never */
  facet_stop* stop;   /* NULL: never */
  const facet_head* const* extra_heads; /* their attributes follow those of `head` */
  size_t extra_head_count;
} facet_predict_options;

/* Faces of `count` photos; results[i] is that of photos[i]. Several photos are worked on side by
 * side. A photo that cannot be read is a result that says so and touches no other; whatever else
 * fails, fails for the call, and all `results` are NULL then. `options` NULL: the defaults. */
FACET_C_API facet_status facet_predict(facet_predictor* predictor, const facet_photo* const* photos,
                                       size_t count, const facet_predict_options* options,
                                       facet_result** results);

/* Of one photo, without a handle for it. What makes it unreadable is the call's error here. */
FACET_C_API facet_status facet_predict_file(facet_predictor* predictor, const char* path,
                                            const facet_predict_options* options,
                                            facet_result** result);
FACET_C_API facet_status facet_predict_bytes(facet_predictor* predictor, const void* bytes,
                                             size_t size, const facet_predict_options* options,
                                             facet_result** result);
FACET_C_API facet_status facet_predict_pixels(facet_predictor* predictor,
                                              const facet_pixels* pixels,
                                              const facet_predict_options* options,
                                              facet_result** result);

typedef struct facet_box {
  float x; /* of the upper left corner, in pixels of the upright photo */
  float y;
  float width;
  float height;
} facet_box;

/* Attributes of faces whose boxes are given, in their order, with score 0. Of the options what
 * concerns finding faces is not used. An unreadable photo is the call's error. */
FACET_C_API facet_status facet_describe(facet_predictor* predictor, const facet_photo* photo,
                                        const facet_box* boxes, size_t count,
                                        const facet_predict_options* options,
                                        facet_result** result);

/* ---- Results ---- */

typedef int32_t facet_photo_status;
enum { FACET_PHOTO_OK = 0, FACET_PHOTO_NO_FACE = 1, FACET_PHOTO_UNREADABLE = 2 };

typedef struct facet_photo_info {
  size_t struct_size;
  const char* path; /* as it was given */
  facet_photo_status status;
  facet_status error;  /* of an unreadable photo; else FACET_OK */
  const char* reason;  /* why it is unreadable; else "" */
  const char* warning; /* what is wrong with a file that was read all the same; else "" */
  int32_t width;       /* of the upright photo */
  int32_t height;
  int32_t reduce; /* sides were divided by this when it was decoded */
  float min_face; /* smallest face that was looked for */
  size_t face_count;
  size_t faces_left_out; /* because of max_faces */
} facet_photo_info;

typedef struct facet_face {
  size_t struct_size;
  facet_box box;
  float score;
  bool below_threshold;
  int32_t turn; /* degrees to turn the photo clockwise for the face to be upright */
  size_t attribute_count;
  const float* features; /* NULL unless they were asked for */
  size_t feature_count;
} facet_face;

typedef struct facet_attribute {
  size_t struct_size;
  const char* name;
  float probability; /* 0…1, calibrated, that labellers would have ticked it */
  float threshold;
  bool present; /* probability >= threshold */
} facet_attribute;

FACET_C_API void facet_result_free(facet_result* result);
/* The caller sets struct_size of what is filled. Faces are counted from 0, the strongest first. */
FACET_C_API facet_status facet_result_photo(const facet_result* result, facet_photo_info* photo);
FACET_C_API facet_status facet_result_face(const facet_result* result, size_t face,
                                           facet_face* out);
FACET_C_API facet_status facet_result_attribute(const facet_result* result, size_t face,
                                                size_t index, facet_attribute* attribute);
FACET_C_API facet_status facet_result_find_attribute(const facet_result* result, size_t face,
                                                     const char* name, facet_attribute* attribute);
/* The photo as an element of "images" in what `facet predict --format json` writes. */
FACET_C_API facet_status facet_result_to_json(const facet_result* result, char** json);
/* All of what the command writes about these photos; their results come from one predictor with
 * the same options, and there is at least one. */
FACET_C_API facet_status facet_results_to_json(const facet_result* const* results, size_t count,
                                               char** json);

/* ---- Explanations ---- */

/* What takes a model's answers apart (docs/explain.md). `concepts` names the file that says what
 * the model's neurons stand for; NULL: the one beside the model's own file, e.g. best.explain
 * beside best.safetensors. FACET_NOT_FOUND where there is none, FACET_BAD_MODEL where it is another
 * model's. Of the options `calls` is not used: calls wait for one another. */
FACET_C_API facet_status facet_explainer_create(const facet_model* model, const char* concepts,
                                                const facet_predictor_options* options,
                                                facet_explainer** explainer);
FACET_C_API void facet_explainer_free(facet_explainer* explainer);

/* Why the faces of a photo have the attributes that hold, or those named (of the options' head;
 * whether they hold or not). The photo as an element of "images" in what `facet explain --format
 * json` writes. An unreadable photo is the call's error. Options with `boxes_only` or extra heads
 * are FACET_INVALID_ARGUMENT. */
FACET_C_API facet_status facet_explain_json(facet_explainer* explainer, const facet_photo* photo,
                                            const facet_predict_options* options,
                                            const char* const* attributes, size_t attribute_count,
                                            char** json);
/* The same as a page of its own, which holds the faces of the photo. */
FACET_C_API facet_status facet_explain_html(facet_explainer* explainer, const facet_photo* photo,
                                            const facet_predict_options* options,
                                            const char* const* attributes, size_t attribute_count,
                                            char** html);

#ifdef __cplusplus
}
#endif

#endif
