// SPDX-License-Identifier: Apache-2.0
// libfacet_video.so: frames of videos, by FFmpeg.
extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/display.h>
#include <libswscale/swscale.h>
}

#include <array>
#include <cmath>

#include "image/plugins/plugin_side.hpp"
#include "photos/video/video_plugin.hpp"

namespace facet::plugin {
namespace {

// Files alone: a playlist could name other files, or servers.
constexpr const char* kFormats =
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,asf,flv,ogg,mxf,dv,h264,hevc";

struct CloseInput {
  void operator()(AVFormatContext* input) const { avformat_close_input(&input); }
};
struct FreeDecoder {
  void operator()(AVCodecContext* decoder) const { avcodec_free_context(&decoder); }
};
struct FreePacket {
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
};
struct FreeFrame {
  void operator()(AVFrame* frame) const { av_frame_free(&frame); }
};
struct FreeScaler {
  void operator()(SwsContext* scaler) const { sws_freeContext(scaler); }
};

[[noreturn]] void fail(int error) {
  std::array<char, 128> text{};
  av_strerror(error, text.data(), text.size());
  throw Unreadable("damaged or unsupported video file: " + std::string(text.data()));
}

int orientation_of(const AVStream& stream) {
  const std::uint8_t* matrix = av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, nullptr);
  if (matrix == nullptr) return 1;
  const double counterclockwise =
      av_display_rotation_get(reinterpret_cast<const std::int32_t*>(matrix));
  if (!std::isfinite(counterclockwise)) return 1;
  constexpr std::array<int, 4> numbers = {1, 6, 3, 8};
  const long quarters = std::lround(-counterclockwise / 90);
  return numbers.at(static_cast<std::size_t>((quarters % 4 + 4) % 4));
}

class Video {
 public:
  Video(const char* path, const FacetVideoRequest& request);
  [[nodiscard]] const FacetVideoHeader& header() const { return header_; }
  // False at the end.
  bool frame_at(double time, FacetVideoFrame& frame);
  // What is wrong with the file, known at its end.
  [[nodiscard]] std::string fault() const;

 private:
  void open_decoder(const AVCodec* codec, const FacetVideoRequest& request);
  // To the last frame before `time` that can be decoded alone, where that spares frames.
  void skip_to(double time);
  // The next frame, into frame_; frames before `time` may be left out. False at the end.
  bool decode_next(double time);
  void send_next(double time);
  void convert(FacetVideoFrame& frame);
  // Of the frame as it is shown: pixels may be stored narrower than they are.
  [[nodiscard]] int shown_width(int width) const;
  [[nodiscard]] double seconds(std::int64_t timestamp) const {
    return static_cast<double>(timestamp - start_) * av_q2d(stream_->time_base);
  }

  std::unique_ptr<AVFormatContext, CloseInput> input_;
  AVStream* stream_ = nullptr;
  std::unique_ptr<AVCodecContext, FreeDecoder> decoder_;
  std::unique_ptr<AVPacket, FreePacket> packet_{av_packet_alloc()};
  std::unique_ptr<AVFrame, FreeFrame> frame_{av_frame_alloc()};
  std::unique_ptr<SwsContext, FreeScaler> scaler_;
  std::vector<std::uint8_t> rgb_;
  FacetVideoHeader header_{};
  std::int64_t start_ = 0;
  std::int64_t read_until_ = INT64_MIN;  // timestamp of the last packet
  double time_ = 0;                      // of frame_
  double frame_seconds_ = 0;
  bool tolerant_;
  bool at_end_ = false;
  bool cut_off_ = false;
  int damaged_ = 0;
};

Video::Video(const char* path, const FacetVideoRequest& request)
    : tolerant_(request.tolerant != 0) {
  if (!packet_ || !frame_) throw std::bad_alloc();
  // It would write to the terminal.
  av_log_set_level(AV_LOG_QUIET);
  AVDictionary* options = nullptr;
  av_dict_set(&options, "protocol_whitelist", "file", 0);
  av_dict_set(&options, "format_whitelist", kFormats, 0);
  AVFormatContext* input = nullptr;
  const int opened =
      avformat_open_input(&input, (std::string("file:") + path).c_str(), nullptr, &options);
  av_dict_free(&options);
  if (opened < 0) fail(opened);
  input_.reset(input);
  if (const int found = avformat_find_stream_info(input, nullptr); found < 0) fail(found);
  const AVCodec* codec = nullptr;
  const int index = av_find_best_stream(input, AVMEDIA_TYPE_VIDEO, -1, -1, &codec, 0);
  if (index == AVERROR_DECODER_NOT_FOUND) throw Unreadable("video of a kind that is not read here");
  if (index < 0) throw Unreadable("no pictures in this video");
  for (unsigned i = 0; i < input->nb_streams; ++i) {
    if (static_cast<int>(i) != index) input->streams[i]->discard = AVDISCARD_ALL;
  }
  stream_ = input->streams[index];
  start_ = stream_->start_time == AV_NOPTS_VALUE ? 0 : stream_->start_time;
  const AVRational rate = av_guess_frame_rate(input, stream_, nullptr);
  frame_seconds_ = rate.num > 0 && rate.den > 0 ? av_q2d(av_inv_q(rate)) : 0.04;
  header_.width = shown_width(stream_->codecpar->width);
  header_.height = stream_->codecpar->height;
  header_.orientation = orientation_of(*stream_);
  if (input->duration > 0) header_.duration = static_cast<double>(input->duration) / AV_TIME_BASE;
  // Too large: who asked sees it by the header, and asks for no frame.
  if (std::int64_t{header_.width} * header_.height > request.max_pixels) return;
  open_decoder(codec, request);
}

void Video::open_decoder(const AVCodec* codec, const FacetVideoRequest& request) {
  decoder_.reset(avcodec_alloc_context3(codec));
  if (!decoder_) throw std::bad_alloc();
  if (const int status = avcodec_parameters_to_context(decoder_.get(), stream_->codecpar);
      status < 0) {
    fail(status);
  }
  decoder_->pkt_timebase = stream_->time_base;
  // Decoders count whole blocks, too.
  const auto stored = std::int64_t{stream_->codecpar->width} * stream_->codecpar->height;
  decoder_->max_pixels = std::max(request.max_pixels, 2 * stored);
  decoder_->thread_count = request.threads;
  if (const int status = avcodec_open2(decoder_.get(), codec, nullptr); status < 0) fail(status);
}

int Video::shown_width(int width) const {
  const AVRational shape = stream_->sample_aspect_ratio.num > 0
                               ? stream_->sample_aspect_ratio
                               : stream_->codecpar->sample_aspect_ratio;
  const double ratio = shape.num > 0 && shape.den > 0 ? av_q2d(shape) : 1;
  return ratio > 0.25 && ratio < 4 ? static_cast<int>(std::lround(width * ratio)) : width;
}

void Video::skip_to(double time) {
  const auto wanted = start_ + static_cast<std::int64_t>(time / av_q2d(stream_->time_base));
  const AVIndexEntry* key =
      avformat_index_get_entry_from_timestamp(stream_, wanted, AVSEEK_FLAG_BACKWARD);
  if (key == nullptr || read_until_ == INT64_MIN || key->timestamp <= read_until_) return;
  if (av_seek_frame(input_.get(), stream_->index, key->timestamp, AVSEEK_FLAG_BACKWARD) >= 0) {
    avcodec_flush_buffers(decoder_.get());
  }
}

void Video::send_next(double time) {
  const int status = av_read_frame(input_.get(), packet_.get());
  if (status < 0) {
    cut_off_ = cut_off_ || status != AVERROR_EOF;
    avcodec_send_packet(decoder_.get(), nullptr);
    at_end_ = true;
    return;
  }
  if (packet_->stream_index == stream_->index) {
    const std::int64_t shown = packet_->pts != AV_NOPTS_VALUE ? packet_->pts : packet_->dts;
    if (packet_->dts != AV_NOPTS_VALUE) read_until_ = std::max(read_until_, packet_->dts);
    // Nothing needs a frame that no other is made from, and that nobody looks at.
    const bool before = shown != AV_NOPTS_VALUE && seconds(shown) < time - frame_seconds_ / 2;
    decoder_->skip_frame = before ? AVDISCARD_NONREF : AVDISCARD_DEFAULT;
    if ((packet_->flags & AV_PKT_FLAG_CORRUPT) != 0) cut_off_ = true;
    if (avcodec_send_packet(decoder_.get(), packet_.get()) < 0) ++damaged_;
  }
  av_packet_unref(packet_.get());
}

bool Video::decode_next(double time) {
  for (;;) {
    const int status = avcodec_receive_frame(decoder_.get(), frame_.get());
    if (status == AVERROR_EOF) return false;
    if (status == AVERROR(EAGAIN)) {
      if (at_end_) return false;
      send_next(time);
      continue;
    }
    if (status < 0) {
      ++damaged_;
      if (at_end_) return false;
      send_next(time);
      continue;
    }
    const bool timed = frame_->best_effort_timestamp != AV_NOPTS_VALUE;
    time_ = timed ? seconds(frame_->best_effort_timestamp) : time_ + frame_seconds_;
    const bool wrong =
        frame_->decode_error_flags != 0 || (frame_->flags & AV_FRAME_FLAG_CORRUPT) != 0;
    if (!wrong) return true;
    ++damaged_;
    if (tolerant_) return true;
  }
}

bool Video::frame_at(double time, FacetVideoFrame& frame) {
  if (!at_end_) skip_to(time);
  // A frame begins a little before or after the time that its number stands for.
  while (decode_next(time)) {
    if (time_ < time - 0.001) continue;
    convert(frame);
    return true;
  }
  return false;
}

void Video::convert(FacetVideoFrame& frame) {
  const AVFrame& from = *frame_;
  const int width = shown_width(from.width);
  const auto format = static_cast<AVPixelFormat>(from.format);
  SwsContext* const before = scaler_.get();
  scaler_.reset(sws_getCachedContext(scaler_.release(), from.width, from.height, format, width,
                                     from.height, AV_PIX_FMT_RGB24, SWS_BILINEAR | SWS_ACCURATE_RND,
                                     nullptr, nullptr, nullptr));
  if (!scaler_) throw Unreadable("video of a kind that is not read here");
  if (scaler_.get() != before) {
    // Files of high definition that say nothing mean BT.709.
    const bool high = from.height >= 720;
    const int matrix = from.colorspace == AVCOL_SPC_UNSPECIFIED
                           ? (high ? SWS_CS_ITU709 : SWS_CS_ITU601)
                           : static_cast<int>(from.colorspace);
    const bool full = from.color_range == AVCOL_RANGE_JPEG || format == AV_PIX_FMT_YUVJ420P ||
                      format == AV_PIX_FMT_YUVJ422P || format == AV_PIX_FMT_YUVJ444P;
    sws_setColorspaceDetails(scaler_.get(), sws_getCoefficients(matrix), full ? 1 : 0,
                             sws_getCoefficients(SWS_CS_DEFAULT), 1, 0, 1 << 16, 1 << 16);
  }
  constexpr int alignment = 64;  // its fastest code writes whole blocks
  const int stride = (width * 3 + alignment - 1) / alignment * alignment;
  rgb_.resize(static_cast<std::size_t>(stride) * static_cast<std::size_t>(from.height) + alignment);
  const std::array<std::uint8_t*, 4> planes = {rgb_.data(), nullptr, nullptr, nullptr};
  const std::array<int, 4> strides = {stride, 0, 0, 0};
  sws_scale(scaler_.get(), from.data, from.linesize, 0, from.height, planes.data(), strides.data());
  frame = {time_,
           width,
           from.height,
           static_cast<std::int32_t>(from.color_primaries),
           static_cast<std::int32_t>(from.color_trc),
           rgb_.data(),
           stride};
}

std::string Video::fault() const {
  std::string text;
  // Files may state a little more than they have.
  const bool short_of =
      header_.duration > 0 && time_ + 1 + 2 * frame_seconds_ < header_.duration * 0.95;
  if (cut_off_ || short_of) text = "the end of the video is missing or damaged";
  if (damaged_ > 0) {
    text += (text.empty() ? "" : "; ") + std::to_string(damaged_) + " of its frames are damaged";
  }
  return text;
}

template <typename Result, typename Step>
Result guarded(Result failure, FacetReason* reason, const Step& step) {
  try {
    return step();
  } catch (const std::bad_alloc&) {
    set_reason(reason, "not enough memory");
  } catch (const std::exception& error) {
    set_reason(reason, error.what());
  }
  return failure;
}

void* open(const char* path, const FacetVideoRequest* request, FacetVideoHeader* header,
           FacetReason* reason) {
  return guarded<void*>(nullptr, reason, [&]() -> void* {
    auto video = std::make_unique<Video>(path, *request);
    *header = video->header();
    return video.release();
  });
}

int frame_at(void* video, double time, FacetVideoFrame* frame, FacetReason* reason) {
  return guarded<int>(-1, reason, [&] {
    auto& from = *static_cast<Video*>(video);
    if (from.frame_at(time, *frame)) return 1;
    set_reason(reason, from.fault().c_str());
    return 0;
  });
}

void close(void* video) {
  delete static_cast<Video*>(video);
}

}  // namespace
}  // namespace facet::plugin

extern "C" [[gnu::visibility("default")]] const FacetVideoPlugin* facet_video_plugin() {
  static const std::string library = std::string("FFmpeg ") + av_version_info();
  static const FacetVideoPlugin plugin = {facet::detail::kFacetVideoPluginVersion, library.c_str(),
                                          facet::plugin::open, facet::plugin::frame_at,
                                          facet::plugin::close};
  return &plugin;
}
