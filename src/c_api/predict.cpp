// SPDX-License-Identifier: Apache-2.0
// Predictions in the C API.
#include <algorithm>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/interruption.hpp"
#include "base/parallel_loop.hpp"
#include "c_api/handles.hpp"
#include "c_api/options.hpp"
#include "c_api/photo.hpp"

using namespace facet;
using namespace facet::detail;

namespace {

using Result = std::unique_ptr<facet_result>;

// Photos that are asked about together, at most.
constexpr std::size_t most_photos_together = 4;

std::shared_ptr<const ReportContext> context_of(const facet_predictor& predictor,
                                                const CallOptions& options) {
  const bool boxes = options.boxes_only;
  ReportContext context = report_context(
      predictor.for_one.model(), boxes ? "" : options.predict.head,
      boxes ? ThresholdMode::accuracy : options.predict.threshold_mode, predictor.precision);
  for (const TaughtHead& head : options.predict.extra_heads) {
    if (!boxes) context.attribute_names.push_back(head.name);
  }
  return std::make_shared<const ReportContext>(std::move(context));
}

std::span<EncodedPhoto> span_of(std::vector<EncodedPhoto>& photos) {
  return photos;
}
std::span<const ImageView> span_of(const std::vector<ImageView>& photos) {
  return photos;
}

// One call of facet_predict(): the results of its photos, filled by several threads.
class Call {
 public:
  Call(std::span<const facet_photo* const> photos, const CallOptions& options,
       std::shared_ptr<const ReportContext> context)
      : photos_(photos), options_(options), results_(photos.size()) {
    for (Result& result : results_) {
      result = std::make_unique<facet_result>();
      result->context = context;
    }
    for (std::size_t i = 0; i < photos.size(); ++i) {
      results_[i]->photo.path = checked(photos[i]).name;
    }
  }

  // The photos from `first` on, `count` of them.
  void answer(Predictor& predictor, std::size_t first, std::size_t count) {
    const Limits& limits = options_.predict.locate.limits;
    const InterruptionScope scope(limits.stop, limits.deadline);
    Waiting<EncodedPhoto> files;
    Waiting<ImageView> views;
    for (std::size_t i = first; i < first + count; ++i) {
      check_interruption();
      if (photos_[i]->source == facet_photo::Source::pixels) {
        views.indices.push_back(i);
        views.photos.push_back(photos_[i]->pixels);
        continue;
      }
      try {
        files.photos.push_back(encoded(*photos_[i], options_.decode));
        files.indices.push_back(i);
      } catch (const Error& error) {
        set_unreadable(i, status_of(error.code()), error.what());
      } catch (const std::bad_alloc&) {
        set_unreadable(i, FACET_OUT_OF_MEMORY, "not enough memory");
      }
    }
    ask_together(predictor, files);
    ask_together(predictor, views);
  }

  void hand_over(facet_result** results) {
    for (std::size_t i = 0; i < results_.size(); ++i) results[i] = results_[i].release();
  }

 private:
  template <typename OnePhoto>
  struct Waiting {
    std::vector<std::size_t> indices;
    std::vector<OnePhoto> photos;
  };

  void set_unreadable(std::size_t index, facet_status status, const std::string& reason) {
    results_[index]->error = status;
    results_[index]->photo.status = PhotoStatus::unreadable;
    results_[index]->photo.reason = reason;
  }

  template <typename OnePhoto>
  void ask_together(Predictor& predictor, Waiting<OnePhoto>& waiting) {
    if (options_.boxes_only) {
      for (std::size_t i = 0; i < waiting.photos.size(); ++i) {
        try {
          set(waiting.indices[i], predictor.locate(waiting.photos[i], options_.predict.locate));
        } catch (const Error& error) {
          if (error.code() != ErrorCode::unreadable) throw;
          set_unreadable(waiting.indices[i], FACET_UNREADABLE, error.what());
        }
      }
    } else if (!waiting.photos.empty()) {
      std::vector<PhotoResult> answers =
          predictor.predict(span_of(waiting.photos), options_.predict);
      for (std::size_t i = 0; i < answers.size(); ++i) {
        set(waiting.indices[i], std::move(answers[i]));
      }
    }
  }

  void set(std::size_t index, PhotoResult answer) {
    facet_result& result = *results_[index];
    answer.path = result.photo.path;
    if (answer.status == PhotoStatus::unreadable) result.error = FACET_UNREADABLE;
    result.photo = std::move(answer);
  }

  std::span<const facet_photo* const> photos_;
  const CallOptions& options_;
  std::vector<Result> results_;
};

// What is wrong with the options is said even where every photo is unreadable.
void check_options(Predictor& predictor, const CallOptions& options) {
  if (options.boxes_only) return;
  predictor.predict(std::span<const ImageView>(), options.predict);
}

void predict(facet_predictor& predictor, std::span<const facet_photo* const> photos,
             const CallOptions& options, facet_result** results) {
  Call call(photos, options, context_of(predictor, options));
  const Limits& limits = options.predict.locate.limits;
  if (photos.size() == 1) {
    const PredictorPool::Lease lease = predictor.for_one.take(limits);
    check_options(*lease, options);
    call.answer(*lease, 0, 1);
  } else if (!photos.empty()) {
    check_options(*predictor.for_one.take(limits), options);
    // Few at a time where they are few, so that no core waits for the last group.
    const auto threads = static_cast<std::size_t>(predictor.threads);
    const std::size_t together =
        std::clamp<std::size_t>(photos.size() / (2 * threads), 1, most_photos_together);
    const std::size_t groups = (photos.size() + together - 1) / together;
    for_each_worker(groups, predictor.threads, [&]() -> IndexedWork {
      const auto lease = std::make_shared<PredictorPool::Lease>(predictor.for_many.take(limits));
      return [&call, lease, together, &photos](std::size_t group) {
        const std::size_t first = group * together;
        call.answer(**lease, first, std::min(together, photos.size() - first));
      };
    });
  }
  call.hand_over(results);
}

// One photo, whose fault is the call's.
void predict_one(facet_predictor* predictor, const facet_photo& photo,
                 const facet_predict_options* given, facet_result** result) {
  facet_predictor& used = checked(predictor);
  const CallOptions options = call_options(given);
  const facet_photo* const photos[] = {&photo};
  facet_result* answer = nullptr;
  predict(used, photos, options, &answer);
  Result owned(answer);
  if (owned->error != FACET_OK) {
    const std::string of = photo.name.empty() ? "" : photo.name + ": ";
    throw Error(code_of(owned->error), of + owned->photo.reason);
  }
  *result = owned.release();
}

std::vector<Box> boxes_of(const facet_box* boxes, std::size_t count) {
  if (count > 0) require(boxes, "boxes");
  std::vector<Box> result;
  for (std::size_t i = 0; i < count; ++i) {
    result.push_back({boxes[i].x, boxes[i].y, boxes[i].width, boxes[i].height});
  }
  return result;
}

void describe(facet_predictor& predictor, const facet_photo& photo, const std::vector<Box>& boxes,
              const CallOptions& options, facet_result** result) {
  auto answer = std::make_unique<facet_result>();
  answer->context = context_of(predictor, options);
  const PredictorPool::Lease lease = predictor.for_one.take(options.predict.locate.limits);
  try {
    DecodedPhoto decoded;
    ImageView view = photo.pixels;
    if (photo.source != facet_photo::Source::pixels) {
      decoded = encoded(photo, options.decode).decode();
      view = decoded.image;
    }
    answer->photo.width = view.width;
    answer->photo.height = view.height;
    answer->photo.warning = decoded.warning;
    answer->photo.faces = lease->describe(view, boxes, options.predict);
  } catch (const Error& error) {
    throw Error(error.code(), (photo.name.empty() ? "" : photo.name + ": ") + error.what());
  }
  answer->photo.path = photo.name;
  answer->photo.status = boxes.empty() ? PhotoStatus::no_face : PhotoStatus::ok;
  *result = answer.release();
}

}  // namespace

extern "C" {

facet_status facet_predict(facet_predictor* predictor, const facet_photo* const* photos,
                           size_t count, const facet_predict_options* options,
                           facet_result** results) {
  return guarded([&] {
    if (count > 0) require(static_cast<const void*>(results), "results");
    std::fill_n(results, count, nullptr);
    if (count > 0) require(static_cast<const void*>(photos), "photos");
    predict(checked(predictor), std::span(photos, count), call_options(options), results);
  });
}

facet_status facet_predict_file(facet_predictor* predictor, const char* path,
                                const facet_predict_options* options, facet_result** result) {
  return guarded([&] {
    prepare(result, "result");
    predict_one(predictor, *photo_of_file(path), options, result);
  });
}

facet_status facet_predict_bytes(facet_predictor* predictor, const void* bytes, size_t size,
                                 const facet_predict_options* options, facet_result** result) {
  return guarded([&] {
    prepare(result, "result");
    predict_one(predictor, *photo_of_bytes(bytes, size, nullptr), options, result);
  });
}

facet_status facet_predict_pixels(facet_predictor* predictor, const facet_pixels* pixels,
                                  const facet_predict_options* options, facet_result** result) {
  return guarded([&] {
    prepare(result, "result");
    predict_one(predictor, *photo_of_pixels(pixels, nullptr), options, result);
  });
}

facet_status facet_describe(facet_predictor* predictor, const facet_photo* photo,
                            const facet_box* boxes, size_t count,
                            const facet_predict_options* options, facet_result** result) {
  return guarded([&] {
    prepare(result, "result");
    facet_predictor& used = checked(predictor);
    CallOptions how = call_options(options);
    how.boxes_only = false;
    describe(used, checked(photo), boxes_of(boxes, count), how, result);
  });
}

}  // extern "C"
