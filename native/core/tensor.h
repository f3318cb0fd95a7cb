#pragma once

#include "core/dtype.h"
#include "core/error.h"

#include <cstddef>
#include <cstdint>

namespace hone {

/// Memory of one backend. Owned by whoever allocated it (usually an arena of a session or trainer);
/// `Tensor` only points into it.
class Buffer {
 public:
  explicit Buffer(size_t bytes) : bytes_(bytes) {}
  virtual ~Buffer() = default;
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  size_t bytes() const noexcept { return bytes_; }

  /// Address on the host, or nullptr where the memory is only visible to a device.
  virtual std::byte* host() noexcept = 0;

 private:
  size_t bytes_;
};

/// A view of a row-major matrix [rows, columns] inside a buffer; does not own it. Rows are the outer axis
/// (tokens of an activation, outputs of a weight, vocabulary of an embedding), columns are contiguous.
/// Block types are never strided: `stride` equals `columns` for them.
struct Tensor {
  Buffer* buffer = nullptr;
  size_t offset = 0;  ///< bytes from the start of the buffer
  DType dtype = DType::F32;
  int64_t rows = 0;
  int64_t columns = 0;
  int64_t stride = 0;  ///< elements from one row to the next, >= columns

  explicit operator bool() const noexcept { return buffer != nullptr; }
  int64_t elements() const noexcept { return rows * columns; }
  bool contiguous() const noexcept { return stride == columns; }

  /// Host address of the first byte. Only on backends whose buffers are host memory.
  std::byte* data() const { return buffer->host() + offset; }

  /// Host address of row `row` as elements of `T`; only for types of block length 1.
  template <class T>
  T* row(int64_t row = 0) const {
    return reinterpret_cast<T*>(data()) + row * stride;
  }

  /// Rows [begin, begin + count) of this view.
  Tensor slice_rows(int64_t begin, int64_t count) const {
    ensure(begin >= 0 && count >= 0 && begin + count <= rows, "row slice outside its tensor");
    Tensor slice = *this;
    slice.offset += matrix_bytes(dtype, begin, stride);
    slice.rows = count;
    return slice;
  }

  /// Columns [begin, begin + count); only for types of block length 1.
  Tensor slice_columns(int64_t begin, int64_t count) const {
    ensure(begin >= 0 && count >= 0 && begin + count <= columns && traits(dtype).block_length == 1,
           "column slice outside its tensor");
    Tensor slice = *this;
    slice.offset += static_cast<size_t>(begin) * traits(dtype).block_bytes;
    slice.columns = count;
    return slice;
  }

  /// The same elements seen as [new_rows, elements / new_rows]; the view must be contiguous.
  Tensor reshape(int64_t new_rows, int64_t new_columns) const {
    ensure(contiguous() && new_rows * new_columns == elements(), "reshape changes the number of elements");
    Tensor view = *this;
    view.rows = new_rows;
    view.columns = view.stride = new_columns;
    return view;
  }
};

}  // namespace hone
