// SPDX-License-Identifier: Apache-2.0
// The C API, called in any order with any arguments that a C program could give without lying about
// its own memory: NULL, handles of another kind, structs of other sizes, numbers out of range.
// A call that fails says why and gives nothing; nothing leaks, nothing is a fault of facet's own.
#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "byte_stream.hpp"
#include "c_api_inputs.hpp"
#include "facet/facet.h"
#include "oracle.hpp"

namespace {

using namespace facet::fuzz;

enum Kind { model, predictor, photo, result, head, stop, explainer, kinds };

class Session {
 public:
  explicit Session(ByteStream bytes) : bytes_(bytes) {
    handles_[model] = {first_handles().model, first_handles().explained};
    handles_[predictor] = {first_handles().predictor};
    handles_[photo] = {first_handles().photo};
    handles_[explainer] = {first_handles().explainer};
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() {
    for (int kind = 0; kind < kinds; ++kind) {
      for (void* one : handles_[static_cast<std::size_t>(kind)]) {
        if (!is_of_all(one)) free(kind, one);
      }
    }
  }

  void run() {
    for (int calls = 0; calls < 24 && !bytes_.at_end(); ++calls) call();
  }

 private:
  // ---- Arguments ----

  // A handle of that kind; now and then NULL, or one of another.
  template <typename Handle>
  Handle* any(Kind kind) {
    if (bytes_.one_in(16)) kind = static_cast<Kind>(bytes_.below(kinds));
    const auto& of_kind = handles_[kind];
    if (of_kind.empty() || bytes_.one_in(16)) return nullptr;
    return static_cast<Handle*>(of_kind[bytes_.below(of_kind.size())]);
  }

  const char* any_path() {
    if (bytes_.one_in(12)) return nullptr;
    return files().paths[bytes_.below(files().paths.size())].c_str();
  }

  const char* any_name() {
    static constexpr std::array<const char*, 10> names = {
        "celeba", "lfwa", "celeba_3", "Smiling", "", "a b", "\xFF\n", "own", "\"", nullptr};
    return names[bytes_.below(names.size())];
  }

  // Bytes that live until the end and may be read to their end, and no further.
  std::uint8_t* memory(std::size_t size) {
    memory_.push_back(std::make_unique<std::uint8_t[]>(size));
    return memory_.back().get();
  }

  std::pair<const std::uint8_t*, std::size_t> damaged(const std::string& whole) {
    const std::size_t size =
        bytes_.one_in(3) ? bytes_.number<std::uint16_t>() % (whole.size() + 1) : whole.size();
    std::uint8_t* copy = memory(size);
    std::copy_n(whole.data(), size, copy);
    if (size > 0 && bytes_.one_in(3)) copy[bytes_.number<std::uint16_t>() % size] ^= 1;
    return {copy, size};
  }

  // The struct as a program of another version may have it: shorter, or longer; or NULL.
  template <typename Struct>
  Struct* in_memory(Struct value, bool may_be_null = true) {
    if (may_be_null && bytes_.one_in(8)) return nullptr;
    std::size_t size = sizeof value;
    if (bytes_.one_in(4)) {
      size = bytes_.choice<std::uint8_t>({sizeof(std::size_t), sizeof value - 8, sizeof value + 8});
    }
    std::uint8_t* bytes = memory(std::max(size, sizeof(std::size_t)));
    value.struct_size = bytes_.one_in(16) ? bytes_.below(size + 1) : size;
    std::copy_n(reinterpret_cast<const std::uint8_t*>(&value),
                std::min(std::max(size, sizeof(std::size_t)), sizeof value), bytes);
    if (size > sizeof value && bytes_.one_in(2)) bytes[size - 1] = bytes_.byte();
    return reinterpret_cast<Struct*>(bytes);
  }

  // Booleans are 0 or 1 in C; other bytes would be the caller's fault.
  bool any_bool() { return bytes_.below(2) == 1; }
  float any_float() {
    return bytes_.choice<float>({0, 1, 8, 20, 0.5F, -1, std::numeric_limits<float>::infinity(),
                                 std::numeric_limits<float>::quiet_NaN()});
  }
  std::int32_t any_small() { return bytes_.choice<std::int32_t>({0, 1, 2, 3, -1}); }

  const facet_predict_options* any_options() {
    facet_predict_options options{};
    if (bytes_.one_in(3)) return in_memory(options);
    options.head = any_name();
    if (bytes_.one_in(2)) options.head = "celeba";
    options.threshold_mode = bytes_.choice<std::int32_t>({0, 0, 0, 1});
    options.proposals = bytes_.choice<std::int32_t>({0, 0, 0, 0, 1});
    options.turns = any_small();
    options.use_threshold = any_bool();
    options.dominant = any_bool();
    options.all = any_bool();
    options.boxes_only = any_bool();
    options.features = any_bool();
    options.tolerant = any_bool();
    options.threshold = any_float();
    options.min_face = bytes_.choice<float>({0, 0, 20, 60});
    options.max_faces = any_small();
    options.max_pixels = bytes_.choice<std::int64_t>({0, 0, 100'000, 100});
    options.timeout_ms = bytes_.choice<std::int64_t>({0, 0, 0, 1, 1000});
    if (bytes_.one_in(6)) options.stop = any<facet_stop>(stop);
    if (bytes_.one_in(4)) {
      options.extra_head_count = bytes_.below(3);
      auto* heads = reinterpret_cast<const facet_head**>(
          memory(options.extra_head_count * sizeof(facet_head*)));
      for (std::size_t i = 0; i < options.extra_head_count; ++i) heads[i] = any<facet_head>(head);
      options.extra_heads = heads;
    }
    return in_memory(options);
  }

  facet_pixels* any_pixels() {
    facet_pixels pixels{};
    pixels.width = bytes_.choice<std::int32_t>({1, 24, 40, 0});
    pixels.height = bytes_.choice<std::int32_t>({1, 24, 30, -3});
    pixels.format = bytes_.choice<std::int32_t>({0, 1, 2, 3, 4});
    pixels.stride = bytes_.choice<std::ptrdiff_t>({0, 0, 160, -160});
    pixels.size = bytes_.choice<std::uint16_t>({6400, 4800, 3, 0});
    std::uint8_t* data = memory(pixels.size);
    for (std::size_t i = 0; i < pixels.size; i += 7) data[i] = static_cast<std::uint8_t>(i);
    pixels.data = bytes_.one_in(16) ? nullptr : data;
    return in_memory(pixels);
  }

  // ---- Answers ----

  static void check(facet_status status) {
    expect(status >= FACET_OK && status < FACET_INTERNAL);
    if (status != FACET_OK) expect(is_one_line(facet_last_error()));
  }

  // Keeps a new handle; one that is NULL belongs to a call that failed.
  template <typename Handle>
  void keep(Kind kind, facet_status status, Handle*& made) {  // read when the call is done
    check(status);
    expect((status == FACET_OK) == (made != nullptr));
    if (made != nullptr) handles_[kind].push_back(made);
  }

  static void check_text(facet_status status, char* text) {
    check(status);
    expect((status == FACET_OK) == (text != nullptr));
    facet_text_free(text);
  }

  static bool is_of_all(const void* handle) {
    const FirstHandles& first = first_handles();
    return handle == first.model || handle == first.predictor || handle == first.photo ||
           handle == first.explained || handle == first.explainer;
  }

  static void free(int kind, void* handle) {
    switch (kind) {
      case model:
        return facet_model_free(static_cast<facet_model*>(handle));
      case predictor:
        return facet_predictor_free(static_cast<facet_predictor*>(handle));
      case photo:
        return facet_photo_free(static_cast<facet_photo*>(handle));
      case result:
        return facet_result_free(static_cast<facet_result*>(handle));
      case head:
        return facet_head_free(static_cast<facet_head*>(handle));
      case explainer:
        return facet_explainer_free(static_cast<facet_explainer*>(handle));
      default:
        return facet_stop_free(static_cast<facet_stop*>(handle));
    }
  }

  // ---- Calls ----

  void call() {
    switch (bytes_.below(28)) {
      case 0:
        return load_model();
      case 1:
        return ask_model();
      case 2:
        return create_predictor();
      case 3:
        return load_head();
      case 4:
        return create_head();
      case 5:
        return ask_head();
      case 6:
        return make_photo();
      case 7:
        return make_stop();
      case 8:
        return free_one();
      case 9:
        return free_another_kind();
      case 10:
      case 11:
      case 12:
        return predict_many();
      case 13:
      case 14:
        return predict_one();
      case 15:
        return describe();
      case 16:
        return results_to_json();
      case 17:
        expect(facet_status_name(bytes_.number<std::int32_t>()) != nullptr);
        expect(facet_version() != nullptr && facet_last_error() != nullptr);
        return;
      case 24:
        return create_explainer();
      case 25:
      case 26:
      case 27:
        return explain();
      default:
        return ask_result();
    }
  }

  void load_model() {
    facet_model* loaded = nullptr;
    if (bytes_.one_in(2)) {
      keep(model, facet_model_load(any_path(), &loaded), loaded);
    } else {
      const auto [data, size] = damaged(files().model_bytes);
      keep(model,
           facet_model_load_bytes(bytes_.one_in(9) ? nullptr : data, size, any_name(), &loaded),
           loaded);
    }
    if (bytes_.one_in(9)) expect(facet_model_load(nullptr, nullptr) == FACET_INVALID_ARGUMENT);
  }

  void ask_model() {
    auto* of = any<facet_model>(model);
    for (const char* text : {facet_model_name(of), facet_model_version(of),
                             facet_model_checksum(of), facet_model_licence(of)}) {
      expect(text == nullptr || *text != '\0');
    }
    char* json = nullptr;
    const facet_status status = facet_model_info_json(of, &json);
    check_text(status, json);
    std::size_t count = 1;
    const char* name = "";
    const char* of_head = any_name();
    check(facet_model_attribute_count(of, of_head, &count));
    check(facet_model_attribute_name(of, of_head, bytes_.number<std::uint8_t>(), &name));
    std::size_t size = 1;
    check(facet_model_feature_size(of, of_head, bytes_.one_in(9) ? nullptr : &size));
  }

  const facet_predictor_options* any_predictor_options() {
    facet_predictor_options options{};
    options.threads = bytes_.choice<std::int32_t>({1, 2});
    options.calls = any_small();
    options.precision = any_small();
    // So many threads are the system's to refuse, and take a fuzzer's time.
    if (options.threads > 4 && options.threads <= 1024) options.threads %= 4;
    if (options.calls > 4 && options.calls <= 1024) options.calls %= 4;
    return in_memory(options);
  }

  void create_predictor() {
    facet_predictor* made = nullptr;
    const facet_predictor_options* options = any_predictor_options();
    keep(predictor, facet_predictor_create(any<facet_model>(model), options, &made), made);
  }

  void create_explainer() {
    facet_explainer* made = nullptr;
    const facet_predictor_options* options = any_predictor_options();
    const char* concepts = bytes_.one_in(2) ? files().paths.back().c_str() : any_path();
    keep(explainer, facet_explainer_create(any<facet_model>(model), concepts, options, &made),
         made);
  }

  void explain() {
    std::vector<const char*> names;
    for (std::size_t i = bytes_.below(4); i > 0; --i) {
      names.push_back(bytes_.one_in(3) ? any_name() : "celeba_3");
    }
    const char* const* given = bytes_.one_in(16) ? nullptr : names.data();
    const facet_predict_options* options = any_options();
    auto* by = any<facet_explainer>(explainer);
    const auto* of = any<facet_photo>(photo);
    char* text = nullptr;
    const auto call = bytes_.one_in(3) ? facet_explain_html : facet_explain_json;
    const facet_status status = call(by, of, options, given, names.size(), &text);
    check_text(status, text);
  }

  void load_head() {
    facet_head* loaded = nullptr;
    keep(head, facet_head_load(any_path(), &loaded), loaded);
  }

  void create_head() {
    facet_head_values values{};
    values.name = bytes_.one_in(3) ? any_name() : "own";
    values.weight_count = bytes_.choice<std::uint8_t>({4, 4, 4, 3});
    auto* weight = reinterpret_cast<float*>(memory(values.weight_count * sizeof(float)));
    for (std::size_t i = 0; i < values.weight_count; ++i) weight[i] = any_float();
    values.weight = weight;
    values.bias = any_float();
    values.calibration_a = any_float();
    values.calibration_b = any_float();
    values.threshold = any_float();
    values.threshold_balanced = 0.5F;
    values.photos = bytes_.choice<std::uint64_t>({0, 10});
    values.positives = bytes_.choice<std::uint64_t>({0, 5});
    values.cost = any_float();
    facet_head* made = nullptr;
    const char* features_of = bytes_.one_in(4) ? any_name() : nullptr;
    const auto* given = in_memory(values);
    keep(head, facet_head_create(any<facet_model>(model), features_of, given, &made), made);
  }

  void ask_head() {
    auto* of = any<facet_head>(head);
    facet_head_values* values = in_memory(facet_head_values{});
    check(facet_head_get(of, values));
    check(facet_head_check_fit(of, any<facet_model>(model)));
    // Not over the photos and the model.
    const char* to = bytes_.one_in(8) ? nullptr : files().paths[4 + bytes_.below(3)].c_str();
    check(facet_head_save(of, to, any_bool()));
  }

  void make_photo() {
    facet_photo* made = nullptr;
    facet_status status = FACET_OK;
    switch (bytes_.below(3)) {
      case 0:
        status = facet_photo_from_file(any_path(), &made);
        break;
      case 1: {
        const auto [data, size] = damaged(files().photo_bytes);
        status = facet_photo_from_bytes(bytes_.one_in(9) ? nullptr : data, size, any_name(), &made);
        break;
      }
      default:
        status = facet_photo_from_pixels(any_pixels(), any_name(), &made);
        break;
    }
    keep(photo, status, made);
  }

  void make_stop() {
    if (bytes_.one_in(2)) return facet_stop_request(any<facet_stop>(stop));
    facet_stop* made = nullptr;
    keep(stop, facet_stop_create(&made), made);
  }

  void free_one() {
    const auto kind = static_cast<Kind>(bytes_.below(kinds));
    auto& of_kind = handles_[kind];
    if (of_kind.empty()) return free(kind, nullptr);
    const auto chosen = of_kind.begin() + static_cast<std::ptrdiff_t>(bytes_.below(of_kind.size()));
    if (!is_of_all(*chosen)) free(kind, *chosen);
    of_kind.erase(chosen);
  }

  // It stays as it is.
  void free_another_kind() {
    const std::size_t kind = bytes_.below(kinds);
    if (handles_[kind].empty()) return;
    free(static_cast<int>((kind + 1 + bytes_.below(kinds - 1)) % kinds), handles_[kind].front());
  }

  void predict_many() {
    const std::size_t count = bytes_.below(4);
    std::vector<const facet_photo*> photos;
    for (std::size_t i = 0; i < count; ++i) photos.push_back(any<facet_photo>(photo));
    std::vector<facet_result*> results(count, nullptr);
    const facet_predict_options* options = any_options();
    const facet_status status =
        facet_predict(any<facet_predictor>(predictor), bytes_.one_in(16) ? nullptr : photos.data(),
                      count, options, results.data());
    for (facet_result*& one : results) keep(result, status, one);
    check(status);
  }

  void predict_one() {
    facet_result* made = nullptr;
    facet_status status = FACET_OK;
    const facet_predict_options* options = any_options();
    auto* by = any<facet_predictor>(predictor);
    switch (bytes_.below(3)) {
      case 0:
        status = facet_predict_file(by, any_path(), options, &made);
        break;
      case 1: {
        const auto [data, size] = damaged(files().photo_bytes);
        status = facet_predict_bytes(by, data, size, options, &made);
        break;
      }
      default:
        status = facet_predict_pixels(by, any_pixels(), options, &made);
        break;
    }
    keep(result, status, made);
  }

  void describe() {
    const std::size_t count = bytes_.below(4);
    std::vector<facet_box> boxes;
    for (std::size_t i = 0; i < count; ++i) {
      boxes.push_back({any_float(), any_float(), any_float(), any_float()});
    }
    facet_result* made = nullptr;
    const facet_predict_options* options = any_options();
    auto* by = any<facet_predictor>(predictor);
    const facet_status status =
        facet_describe(by, any<facet_photo>(photo), boxes.data(), count, options, &made);
    keep(result, status, made);
  }

  void ask_result() {
    auto* of = any<facet_result>(result);
    check(facet_result_photo(of, in_memory(facet_photo_info{})));
    const std::size_t face = bytes_.choice<std::size_t>({0, 0, 1});
    check(facet_result_face(of, face, in_memory(facet_face{})));
    auto* attribute = in_memory(facet_attribute{});
    const facet_status status =
        facet_result_attribute(of, face, bytes_.choice<std::size_t>({0, 39, 40}), attribute);
    check(status);
    if (status == FACET_OK && attribute->struct_size >= sizeof(facet_attribute)) {
      expect(attribute->probability >= 0 && attribute->probability <= 1);
    }
    check(facet_result_find_attribute(of, face, any_name(), in_memory(facet_attribute{})));
    char* json = nullptr;
    const facet_status written = facet_result_to_json(of, &json);
    check_text(written, json);
  }

  void results_to_json() {
    std::vector<const facet_result*> results;
    for (std::size_t i = bytes_.below(4); i > 0; --i) results.push_back(any<facet_result>(result));
    char* json = nullptr;
    const facet_status status = facet_results_to_json(results.data(), results.size(), &json);
    check_text(status, json);
  }

  ByteStream bytes_;
  std::array<std::vector<void*>, kinds> handles_;
  std::vector<std::unique_ptr<std::uint8_t[]>> memory_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Session(ByteStream({data, size})).run();
  return 0;
}
