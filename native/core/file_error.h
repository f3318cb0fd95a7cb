#pragma once

#include "core/error.h"

#include <string>

namespace hone {

/// The error for a failed system call on `path`: "file.missing", "file.permission", "disk.full" or, for any
/// other `number` (errno), `otherwise` with the system's own words. `action` completes "cannot … PATH".
Error file_error(int number, const std::string& action, const std::string& path, const std::string& otherwise);

}  // namespace hone
