#include "model/adapter_content.h"

#include "core/error.h"
#include "gguf/writer.h"

#include <cmath>
#include <span>

namespace hone {

void write_adapter_content(const std::string& path, const AdapterContent& content) {
  Metadata keys(path);
  keys.set("general.architecture", content.architecture);
  keys.set("general.type", std::string("adapter"));
  keys.set("general.name", content.name);
  keys.set("adapter.type", std::string("lora"));
  keys.set("adapter.lora.alpha", content.alpha);
  for (const auto& [key, value] : content.metadata) keys.set(key, value);

  std::vector<TensorInfo> infos;
  for (const NamedMatrix& matrix : content.matrices) {
    ensure(static_cast<int64_t>(matrix.values.size()) == matrix.rows * matrix.columns, "a matrix of another size");
    infos.push_back(make_tensor_info(matrix.name, DType::F32, {matrix.columns, matrix.rows}));
    for (const float value : matrix.values) {
      if (std::isfinite(value)) continue;
      throw Error("adapter.not-finite", matrix.name + " holds a value that is not a finite number",
                  "The adapter is damaged or its training diverged.");
    }
  }
  GgufWriter writer(path, keys, std::move(infos));
  for (const NamedMatrix& matrix : content.matrices) writer.write(std::as_bytes(std::span(matrix.values)));
  writer.commit();
}

}  // namespace hone
