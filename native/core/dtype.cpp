#include "core/dtype.h"

#include "core/error.h"

#include <array>
#include <limits>
#include <string>

namespace hone {
namespace {

struct Row {
  uint32_t id;
  DTypeTraits traits;
};

// Q8_1 and Q8_K are never written to files on purpose, but a container that holds them can be measured.
constexpr Row kTable[] = {
    {0, {"F32", 1, 4}},        {1, {"F16", 1, 2}},        {2, {"Q4_0", 32, 18}},     {3, {"Q4_1", 32, 20}},
    {6, {"Q5_0", 32, 22}},     {7, {"Q5_1", 32, 24}},     {8, {"Q8_0", 32, 34}},     {9, {"Q8_1", 32, 36}},
    {10, {"Q2_K", 256, 84}},   {11, {"Q3_K", 256, 110}},  {12, {"Q4_K", 256, 144}},  {13, {"Q5_K", 256, 176}},
    {14, {"Q6_K", 256, 210}},  {15, {"Q8_K", 256, 292}},  {16, {"IQ2_XXS", 256, 66}}, {17, {"IQ2_XS", 256, 74}},
    {18, {"IQ3_XXS", 256, 98}}, {19, {"IQ1_S", 256, 50}}, {20, {"IQ4_NL", 32, 18}},  {21, {"IQ3_S", 256, 110}},
    {22, {"IQ2_S", 256, 82}},  {23, {"IQ4_XS", 256, 136}}, {24, {"I8", 1, 1}},       {25, {"I16", 1, 2}},
    {26, {"I32", 1, 4}},       {27, {"I64", 1, 8}},       {28, {"F64", 1, 8}},       {29, {"IQ1_M", 256, 56}},
    {30, {"BF16", 1, 2}},      {34, {"TQ1_0", 256, 54}},  {35, {"TQ2_0", 256, 66}},  {36, {"I2_S", 128, 32}},
    {39, {"MXFP4", 32, 17}},   {40, {"NVFP4", 64, 36}},   {41, {"Q1_0", 128, 18}},   {42, {"Q2_0", 64, 18}},
};
constexpr size_t kIds = 43;

constexpr std::array<DTypeTraits, kIds> by_id() {
  std::array<DTypeTraits, kIds> all{};
  for (const Row& row : kTable) all[row.id] = row.traits;
  return all;
}
constexpr std::array<DTypeTraits, kIds> kTraits = by_id();

}  // namespace

std::optional<DTypeTraits> find_traits(uint32_t id) noexcept {
  if (id >= kIds || kTraits[id].block_length == 0) return std::nullopt;
  return kTraits[id];
}

const DTypeTraits& traits(DType dtype) noexcept { return kTraits[static_cast<uint32_t>(dtype)]; }

size_t matrix_bytes(DType dtype, int64_t rows, int64_t columns) {
  const DTypeTraits& facts = traits(dtype);
  ensure(rows >= 0 && columns >= 0 && columns % facts.block_length == 0, "a row is not a whole number of blocks");
  const auto row_blocks = static_cast<size_t>(columns / facts.block_length);
  size_t row_bytes = 0, bytes = 0;
  ensure(!__builtin_mul_overflow(row_blocks, facts.block_bytes, &row_bytes) &&
             !__builtin_mul_overflow(row_bytes, static_cast<size_t>(rows), &bytes),
         "a matrix is larger than the address space");
  return bytes;
}

}  // namespace hone
