// SPDX-License-Identifier: Apache-2.0
#include "format/safetensors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cmath>
#include <cstring>
#include <string>

#include "base/sha256.hpp"
#include "facet/error.hpp"
#include "model/temporary_folder.hpp"

namespace facet::detail {
namespace {

using ::testing::HasSubstr;

WeightMap some_tensors() {
  return {{"b", {{2, 3}, {1, -2, 3.14159F, 0, 1e-5F, 60000}}},
          {"a", {{4}, {0.1F, 0.2F, 0.3F, -0.0F}}}};
}

std::string with_header(const std::string& header, std::size_t data_bytes) {
  std::string bytes(8, '\0');
  const std::uint64_t length = header.size();
  std::memcpy(bytes.data(), &length, 8);
  return bytes + header + std::string(data_bytes, '\0');
}

class SafetensorsTest : public ::testing::Test {
 protected:
  // The message of the error that reading the bytes ends in; empty where it succeeds.
  std::string fault_of(const std::string& bytes) {
    write_all(folder_ / "file", bytes);
    try {
      read_safetensors(folder_ / "file");
      return {};
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::bad_model) << error.what();
      EXPECT_THAT(error.what(), HasSubstr((folder_ / "file").string()));
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
      return error.what();
    }
  }
  TemporaryFolder folder_;
};

TEST_F(SafetensorsTest, ReturnsSinglePrecisionAsItWas) {
  write_safetensors(folder_ / "m", some_tensors(), {{"k", "v\n\"ü"}}, StoredType::f32);
  const SafetensorsFile file = read_safetensors(folder_ / "m");
  ASSERT_EQ(file.tensors.size(), 2U);
  for (const auto& [name, tensor] : some_tensors()) {
    EXPECT_EQ(file.tensors.at(name).shape, tensor.shape);
    EXPECT_EQ(file.tensors.at(name).values, tensor.values);
  }
  EXPECT_EQ(file.metadata.at("k"), "v\n\"ü");
  EXPECT_EQ(file.metadata.at("sha256").size(), 64U);
}

TEST_F(SafetensorsTest, RoundsToHalfPrecision) {
  write_safetensors(folder_ / "m", some_tensors(), {}, StoredType::f16);
  const SafetensorsFile file = read_safetensors(folder_ / "m");
  for (const auto& [name, tensor] : some_tensors()) {
    for (std::size_t i = 0; i < tensor.values.size(); ++i) {
      EXPECT_EQ(file.tensors.at(name).values[i], from_half(to_half(tensor.values[i])));
    }
  }
  EXPECT_LT(std::filesystem::file_size(folder_ / "m"), 400U);
}

TEST_F(SafetensorsTest, KeepsHalvesAfterTheFileIsGone) {
  write_safetensors(folder_ / "m", some_tensors(), {}, StoredType::f16);
  std::vector<std::byte> bytes(std::filesystem::file_size(folder_ / "m"));
  const SharedBytes read = read_file_bytes(folder_ / "m", bytes.size());
  std::copy(read.bytes.begin(), read.bytes.end(), bytes.begin());
  SafetensorsFile from_bytes = parse_safetensors(bytes, Halves::kept);
  std::fill(bytes.begin(), bytes.end(), std::byte{0});
  const SafetensorsFile widened = read_safetensors(folder_ / "m");
  SafetensorsFile from_file = read_safetensors(folder_ / "m", Halves::kept);
  for (SafetensorsFile* kept : {&from_bytes, &from_file}) {
    const WeightTensor tensor = std::move(kept->tensors.at("b"));
    kept->tensors.clear();
    EXPECT_TRUE(tensor.values.empty());
    EXPECT_EQ(values_of(tensor), widened.tensors.at("b").values);
  }
  EXPECT_EQ(values_of(widened.tensors.at("a")), widened.tensors.at("a").values);
}

TEST_F(SafetensorsTest, KeepsEmptyTensorsScalarsAndNoTensors) {
  write_safetensors(folder_ / "m", {{"e", {{0, 3}, {}}}, {"s", {{}, {7}}}}, {}, StoredType::f32);
  const SafetensorsFile file = read_safetensors(folder_ / "m");
  EXPECT_TRUE(file.tensors.at("e").values.empty());
  EXPECT_EQ(file.tensors.at("s").values, std::vector<float>{7});
  write_safetensors(folder_ / "none", {}, {}, StoredType::f32);
  EXPECT_TRUE(read_safetensors(folder_ / "none").tensors.empty());
}

TEST_F(SafetensorsTest, ReadsWhatOtherProgramsWrite) {
  // Without checksum, tensors not in the order of their names, both types.
  std::string bytes = with_header(R"({"z":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},)"
                                  R"("a":{"dtype":"F32","shape":[1,1],"data_offsets":[4,8]}}  )",
                                  8);
  bytes[bytes.size() - 8 + 1] = 0x3C;  // half 1.0
  EXPECT_EQ(fault_of(bytes), "");
  const SafetensorsFile file = read_safetensors(folder_ / "file");
  EXPECT_EQ(file.tensors.at("z").values, (std::vector<float>{1, 0}));
  EXPECT_EQ(file.tensors.at("a").values, std::vector<float>{0});
}

TEST_F(SafetensorsTest, HashesMetadataThenTensorsInOrderOfNames) {
  write_safetensors(folder_ / "m", some_tensors(), {{"y", "2"}, {"x", "1"}}, StoredType::f32);
  std::string hashed = "x\n1\ny\n2\n";
  const auto tensors = some_tensors();
  for (const char* name : {"a", "b"}) {
    const auto& values = tensors.at(name).values;
    hashed.append(reinterpret_cast<const char*>(values.data()), 4 * values.size());
  }
  Sha256 hash;
  hash.update(std::as_bytes(std::span(hashed)));
  EXPECT_EQ(read_safetensors(folder_ / "m").metadata.at("sha256"), hash.finish());
}

TEST_F(SafetensorsTest, ReplacesTheTargetAndLeavesNothingBeside) {
  write_all(folder_ / "m", "old");
  write_safetensors(folder_ / "m", some_tensors(), {}, StoredType::f16);
  EXPECT_EQ(read_safetensors(folder_ / "m").tensors.size(), 2U);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_.path()), {}), 1);
}

TEST_F(SafetensorsTest, LeavesTheTargetWhereWritingFails) {
  std::filesystem::create_directory(folder_ / "m");
  write_all(folder_ / "m" / "inside", "kept");
  try {
    write_safetensors(folder_ / "m", some_tensors(), {}, StoredType::f32);
    FAIL() << "a folder was replaced";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::io);
  }
  EXPECT_EQ(read_all(folder_ / "m" / "inside"), "kept");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_.path()), {}), 1);
  EXPECT_THROW(write_safetensors(folder_ / "no" / "m", {}, {}, StoredType::f32), Error);
}

TEST_F(SafetensorsTest, RefusesToWriteWhatItCouldNotRead) {
  const auto refused = [&](const WeightMap& tensors, StoredType type) {
    try {
      write_safetensors(folder_ / "m", tensors, {}, type);
      return false;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
      return !std::filesystem::exists(folder_ / "m");
    }
  };
  EXPECT_TRUE(refused({{"t", {{2}, {1}}}}, StoredType::f32));
  EXPECT_TRUE(refused({{"t", {{-1}, {1}}}}, StoredType::f32));
  EXPECT_TRUE(refused({{"t", {{1}, {NAN}}}}, StoredType::f32));
  EXPECT_TRUE(refused({{"t", {{1}, {-INFINITY}}}}, StoredType::f32));
  EXPECT_TRUE(refused({{"t", {{1}, {65520}}}}, StoredType::f16));
  EXPECT_TRUE(refused({{"__metadata__", {{1}, {1}}}}, StoredType::f16));
  EXPECT_TRUE(refused({{"\xFF", {{1}, {1}}}}, StoredType::f16));
}

TEST_F(SafetensorsTest, SaysWhereThereIsNoFile) {
  try {
    read_safetensors(folder_ / "missing");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::not_found);
    EXPECT_THAT(error.what(), HasSubstr("missing"));
  }
  EXPECT_THROW(read_safetensors(folder_.path()), Error);
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  EXPECT_THROW(read_safetensors(folder_ / "pipe"), Error);  // and does not wait for a writer
}

TEST_F(SafetensorsTest, RefusesForeignFiles) {
  EXPECT_THAT(fault_of(""), HasSubstr("too short"));
  EXPECT_THAT(fault_of("\x89PNG\r\n\x1a\n0000000000000"), HasSubstr("not a safetensors file"));
  EXPECT_THAT(fault_of(std::string(5000, '\0')), HasSubstr("not a safetensors file"));
  EXPECT_THAT(fault_of(std::string(5000, '\xFF')), HasSubstr("not a safetensors file"));
  EXPECT_THAT(fault_of(with_header("[1,2]", 0)), HasSubstr("not a safetensors file"));
  EXPECT_THAT(fault_of(with_header("{\"a\":", 0)), HasSubstr("header"));
  EXPECT_THAT(fault_of(with_header("{\"a\":}", 0)), HasSubstr("not valid JSON"));
  EXPECT_THAT(fault_of(with_header("{\"\xFF\":1}", 0)), HasSubstr("not valid JSON"));
  EXPECT_THAT(fault_of(with_header("{}\n", 0)), HasSubstr("header"));
}

TEST_F(SafetensorsTest, BoundsNestingSizeAndNumbers) {
  const auto nested = [](std::size_t depth) {
    return "{\"a\":" + std::string(depth, '[') + std::string(depth, ']') + "}";
  };
  EXPECT_THAT(fault_of(with_header(nested(1'000'000), 0)), HasSubstr("nested too deeply"));
  EXPECT_THAT(fault_of(with_header("{" + std::string(5'000'000, ' ') + "}", 0)),
              HasSubstr("header length"));
  EXPECT_THAT(fault_of(with_header("{\"a\":1e999}", 0)), HasSubstr("number out of range"));
}

TEST_F(SafetensorsTest, RefusesDuplicateNames) {
  const std::string entry = R"({"dtype":"F32","shape":[1],"data_offsets":[0,4]})";
  EXPECT_THAT(fault_of(with_header("{\"a\":" + entry + ",\"a\":" + entry + "}", 4)),
              HasSubstr("\"a\" twice"));
  EXPECT_THAT(fault_of(with_header(R"({"__metadata__":{"x":"1","x":"2"}})", 0)),
              HasSubstr("\"x\" twice"));
}

TEST_F(SafetensorsTest, RefusesBadTensorDescriptions) {
  const auto fault = [&](const std::string& description, std::size_t bytes = 8) {
    return fault_of(with_header("{\"a\":" + description + "}", bytes));
  };
  const auto with = [&](const std::string& type, const std::string& shape,
                        const std::string& offsets) {
    return fault(R"({"dtype":)" + type + R"(,"shape":)" + shape + R"(,"data_offsets":)" + offsets +
                 "}");
  };
  EXPECT_EQ(with("\"F32\"", "[2]", "[0,8]"), "");
  EXPECT_THAT(with("\"BF16\"", "[4]", "[0,8]"), HasSubstr("BF16"));
  EXPECT_THAT(with("\"I64\"", "[1]", "[0,8]"), HasSubstr("I64"));
  EXPECT_THAT(with("3", "[2]", "[0,8]"), HasSubstr("dtype"));
  EXPECT_THAT(with("\"F32\"", "[3]", "[0,8]"), HasSubstr("do not fit its shape"));
  EXPECT_THAT(with("\"F32\"", "[-2]", "[0,8]"), HasSubstr("not a size"));
  EXPECT_THAT(with("\"F32\"", "[2.0]", "[0,8]"), HasSubstr("not a size"));
  EXPECT_THAT(with("\"F32\"", "2", "[0,8]"), HasSubstr("not a list"));
  EXPECT_THAT(with("\"F32\"", "[1,1,1,1,1,1,1,1,2]", "[0,8]"), HasSubstr("9 elements"));
  // 2^32 * 2^32 is 0, and 2^62 * 4 + 2 is 2, in 64 bits.
  EXPECT_THAT(with("\"F32\"", "[4294967296,4294967296]", "[0,0]"), HasSubstr("too large"));
  EXPECT_THAT(with("\"F32\"", "[18446744073709551615,2]", "[0,8]"), HasSubstr("too large"));
  EXPECT_THAT(with("\"F32\"", "[2]", "[8,0]"), HasSubstr("offsets"));
  EXPECT_THAT(with("\"F32\"", "[2]", "[0]"), HasSubstr("data_offsets"));
  EXPECT_THAT(with("\"F32\"", "[2]", "[0,1e1]"), HasSubstr("offsets"));
  EXPECT_THAT(with("\"F32\"", "[2]", "[-8,0]"), HasSubstr("offsets"));
  EXPECT_THAT(with("\"F32\"", "[2]", "[18446744073709551612,4]"), HasSubstr("offsets"));
  EXPECT_THAT(with("\"F32\"", "[2]", "[4,12]"), HasSubstr("truncated"));
  EXPECT_THAT(with("\"F32\"", "[1]", "[4,8]"), HasSubstr("gap"));
  EXPECT_THAT(with("\"F32\"", "[1]", "[0,4]"), HasSubstr("4 bytes belong to no tensor"));
  EXPECT_THAT(fault("7"), HasSubstr("not an object"));
  EXPECT_THAT(fault(R"({"dtype":"F32","shape":[2]})"), HasSubstr("\"data_offsets\" is missing"));
  EXPECT_THAT(fault(R"({"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":1})"),
              HasSubstr("unknown field"));
  EXPECT_THAT(fault_of(with_header(R"({"__metadata__":{"x":1}})", 0)), HasSubstr("not text"));
  EXPECT_THAT(fault_of(with_header(R"({"__metadata__":[]})", 0)), HasSubstr("not an object"));
}

TEST_F(SafetensorsTest, RefusesOverlappingTensors) {
  EXPECT_THAT(fault_of(with_header(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                                   R"("b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})",
                                   12)),
              HasSubstr("overlaps"));
}

TEST_F(SafetensorsTest, RefusesInfiniteValues) {
  for (const char high : {'\x7C', '\xFC', '\x7E'}) {
    std::string bytes = with_header(R"({"a":{"dtype":"F16","shape":[1],"data_offsets":[0,2]}})", 2);
    bytes.back() = high;
    EXPECT_THAT(fault_of(bytes), HasSubstr("infinite")) << high;
  }
}

TEST_F(SafetensorsTest, KeepsHostileNamesOutOfMessages) {
  const std::string fault = fault_of(
      with_header(R"({"\u001b[31m\n)" + std::string(100'000, 'x') + R"(":{"dtype":"F64"}})", 0));
  EXPECT_LT(fault.size(), 400U);
  EXPECT_EQ(fault.find('\x1b'), std::string::npos);
}

TEST_F(SafetensorsTest, NoticesEveryTruncation) {
  write_safetensors(folder_ / "m", some_tensors(), {{"k", "v"}}, StoredType::f16);
  const std::string whole = read_all(folder_ / "m");
  for (std::size_t length = 0; length < whole.size(); ++length) {
    ASSERT_NE(fault_of(whole.substr(0, length)), "") << length;
  }
  EXPECT_NE(fault_of(whole + '\0'), "");
}

TEST_F(SafetensorsTest, NoticesEveryChangedTensorByte) {
  write_safetensors(folder_ / "m", some_tensors(), {{"k", "v"}}, StoredType::f32);
  const std::string whole = read_all(folder_ / "m");
  for (std::size_t at = whole.size() - 40; at < whole.size(); ++at) {
    for (const char mask : {'\x01', '\x80', '\xFF'}) {
      std::string changed = whole;
      changed[at] ^= mask;
      ASSERT_THAT(fault_of(changed), HasSubstr("checksum")) << at;
    }
  }
}

}  // namespace
}  // namespace facet::detail
