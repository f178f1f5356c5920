// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "image/colour_conversion.hpp"
#include "image/photo_plugins.hpp"
#include "image/resample.hpp"

namespace facet::detail {
namespace {

// A photo that a plugin has opened.
class OpenedPhoto {
 public:
  OpenedPhoto(const FacetPhotoPlugin& plugin, std::span<const std::byte> bytes) : plugin_(plugin) {
    FacetReason reason{};
    photo_ = plugin.open(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size(),
                         &header_, &reason);
    if (photo_ == nullptr) throw_unreadable(reason.text);
  }
  OpenedPhoto(const OpenedPhoto&) = delete;
  OpenedPhoto& operator=(const OpenedPhoto&) = delete;
  ~OpenedPhoto() { plugin_.close(photo_); }

  [[nodiscard]] const FacetPhotoHeader& header() const { return header_; }
  // A JPEG file in it that stands for the photo, or nothing.
  [[nodiscard]] std::span<const std::byte> embedded() const {
    const std::uint8_t* bytes = nullptr;
    std::size_t size = 0;
    if (plugin_.embedded(photo_, &bytes, &size) == 0) return {};
    return std::as_bytes(std::span(bytes, size));
  }
  // Throws Error(unreadable) with the plugin's reason.
  void read(const FacetPhotoRequest& request, const FacetPixelTarget& target) const {
    FacetReason reason{};
    if (plugin_.read(photo_, &request, &target, &reason) == 0) throw_unreadable(reason.text);
  }

 private:
  const FacetPhotoPlugin& plugin_;
  FacetPhotoHeader header_{};
  void* photo_ = nullptr;
};

// Takes what a plugin tells while it reads, at the size that it chooses.
class Reading {
 public:
  // Pixels at full detail go into `sink`.
  Reading(const StoredHeader& header, PixelSink& sink) : header_(header), sink_(&sink) {}

  [[nodiscard]] FacetPixelTarget target();
  // What came instead of the photo at full detail.
  [[nodiscard]] std::optional<WholeSink>& preview() { return preview_; }
  [[nodiscard]] std::string& warning() { return warning_; }
  [[nodiscard]] StoredColours& colours() { return colours_; }

 private:
  static Reading& of(void* context) { return *static_cast<Reading*>(context); }
  bool begin(int width, int height) noexcept;
  void put(int x, int y, int count, const std::uint8_t* rgb) noexcept;
  void put_ink(int x, int y, int count, const std::uint8_t* ink);
  // From the profile that came before the first ink.
  void learn_inks();
  // Memory may be short where C code calls; what is told is not worth an end then.
  template <typename Step>
  static void quietly(const Step& step) noexcept {
    try {
      step();
    } catch (const std::bad_alloc&) {
      return;
    }
  }

  const StoredHeader& header_;
  PixelSink* sink_;
  int width_ = 0;
  int height_ = 0;
  std::optional<WholeSink> preview_;
  StoredColours colours_;
  std::optional<ColourConversion> inks_;
  std::vector<std::uint8_t> rgb_;
  std::string warning_;
};

bool Reading::begin(int width, int height) noexcept {
  // A file may say one size in its header and another with its pixels.
  if (width < 1 || height < 1 || width > header_.width || height > header_.height) return false;
  width_ = width;
  height_ = height;
  if (width == header_.width && height == header_.height) return true;
  quietly([&] { preview_.emplace(width, height); });
  return preview_.has_value();
}

void Reading::put(int x, int y, int count, const std::uint8_t* rgb) noexcept {
  if (x < 0 || y < 0 || count < 1 || y >= height_ || x >= width_ || count > width_ - x) return;
  PixelSink& sink = preview_ ? *preview_ : *sink_;
  sink.put(x, y, count, rgb);
}

void Reading::learn_inks() {
  inks_.emplace();
  if (!colours_.profile.empty()) inks_.emplace(colours_, true);
  colours_ = {};  // of what is put from here on
  colours_.fault = inks_->fault();
}

void Reading::put_ink(int x, int y, int count, const std::uint8_t* ink) {
  if (count < 1 || count > width_) return;
  if (!inks_) learn_inks();
  rgb_.resize(static_cast<std::size_t>(count) * 3);
  if (inks_->any()) {
    inks_->convert_ink(ink, rgb_.data(), static_cast<std::size_t>(count));
  } else {
    inks_to_rgb(ink, rgb_.data(), static_cast<std::size_t>(count));
  }
  put(x, y, count, rgb_.data());
}

FacetPixelTarget Reading::target() {
  FacetPixelTarget target{};
  target.context = this;
  target.begin = [](void* context, std::int32_t width, std::int32_t height) {
    return of(context).begin(width, height) ? 1 : 0;
  };
  target.put = [](void* context, std::int32_t x, std::int32_t y, std::int32_t count,
                  const std::uint8_t* rgb) { of(context).put(x, y, count, rgb); };
  target.profile = [](void* context, const std::uint8_t* bytes, std::size_t size) {
    quietly([&] {
      const std::span<const std::byte> profile = std::as_bytes(std::span(bytes, size));
      of(context).colours_.profile.assign(profile.begin(), profile.end());
    });
  };
  target.colours = [](void* context, std::int32_t primaries, std::int32_t transfer) {
    of(context).colours_.coded = coded_colours(primaries, transfer);
  };
  target.put_ink = [](void* context, std::int32_t x, std::int32_t y, std::int32_t count,
                      const std::uint8_t* ink) {
    quietly([&] { of(context).put_ink(x, y, count, ink); });
  };
  target.warn = [](void* context, const char* text) {
    quietly([&] { of(context).warning_ = foreign_text(text); });
  };
  return target;
}

class PluginReader final : public StreamReader {
 public:
  PluginReader(std::unique_ptr<OpenedPhoto> photo, bool tolerant)
      : photo_(std::move(photo)), tolerant_(tolerant) {
    const FacetPhotoHeader& header = photo_->header();
    header_.format = header.format;
    header_.width = header.width;
    header_.height = header.height;
    const bool known = header.orientation >= 1 && header.orientation <= 8;
    header_.orientation = known ? header.orientation : 1;
  }

  Image read(int reduce, Detail detail) override;

 protected:
  void read_pixels(PixelSink& sink) override { read_into(sink, 1); }
  [[nodiscard]] RowOrder row_order() const override {
    return photo_->header().downwards != 0 ? RowOrder::downwards : RowOrder::any;
  }

 private:
  // Reads into the sink, or returns the smaller picture that the plugin gave.
  std::optional<Image> read_into(PixelSink& sink, int reduce);

  std::unique_ptr<OpenedPhoto> photo_;
  bool tolerant_;
};

std::optional<Image> PluginReader::read_into(PixelSink& sink, int reduce) {
  Reading reading(header_, sink);
  photo_->read({reduce, tolerant_ ? 1 : 0}, reading.target());
  warning_ = std::move(reading.warning());
  colours_ = std::move(reading.colours());
  if (!reading.preview()) return std::nullopt;
  return reading.preview()->take();
}

Image PluginReader::read(int reduce, Detail detail) {
  if (reduce == 1 || detail == Detail::kept) return StreamReader::read(reduce, detail);
  const auto as_reduced = [&](const Image& preview) {
    return resize(preview, reduced_side(header_.width, reduce),
                  reduced_side(header_.height, reduce));
  };
  if (keeps(detail)) {
    WholeSink sink(header_.width, header_.height);
    if (const std::optional<Image> preview = read_into(sink, reduce)) return as_reduced(*preview);
    return keep(sink.take(), reduce);
  }
  ReducingSink sink(header_.width, header_.height, reduce, row_order());
  if (const std::optional<Image> preview = read_into(sink, reduce)) return as_reduced(*preview);
  return sink.take();
}

// A photo that is a JPEG file inside another file.
class EmbeddedReader final : public PhotoReader {
 public:
  EmbeddedReader(std::unique_ptr<OpenedPhoto> photo, bool tolerant)
      : photo_(std::move(photo)), jpeg_(open_jpeg(photo_->embedded(), tolerant)) {
    header_ = jpeg_->header();
    header_.format = photo_->header().format;
    // What the JPEG file says itself is nearer to its pixels.
    if (header_.orientation == 1) header_.orientation = photo_->header().orientation;
    colours_ = jpeg_->colours();
  }

  [[nodiscard]] const StoredHeader& header() const override { return header_; }
  Image read(int reduce, Detail detail) override {
    Image image = jpeg_->read(reduce, detail);
    warning_ = jpeg_->warning();
    return image;
  }
  std::vector<Image> read_regions(std::span<const PixelRect> regions) override {
    return jpeg_->read_regions(regions);
  }

 private:
  std::unique_ptr<OpenedPhoto> photo_;
  std::unique_ptr<PhotoReader> jpeg_;
  StoredHeader header_;
};

}  // namespace

std::unique_ptr<PhotoReader> open_by_plugin(PhotoPlugin plugin, std::span<const std::byte> bytes,
                                            bool tolerant) {
  auto photo = std::make_unique<OpenedPhoto>(load_plugin(plugin), bytes);
  if (!photo->embedded().empty()) {
    return std::make_unique<EmbeddedReader>(std::move(photo), tolerant);
  }
  return std::make_unique<PluginReader>(std::move(photo), tolerant);
}

}  // namespace facet::detail
