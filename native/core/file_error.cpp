#include "core/file_error.h"

#include <cerrno>
#include <cstring>

namespace hone {

Error file_error(int number, const std::string& action, const std::string& path, const std::string& otherwise) {
  const std::string message = "cannot " + action + " \"" + path + "\": ";
  switch (number) {
    case ENOENT:
    case ENOTDIR:
      return {"file.missing", message + "there is no such file or folder", "Check that it was not moved or deleted."};
    case EACCES:
    case EPERM:
    case EROFS:
      return {"file.permission", message + "access is not allowed",
              "Check the permissions of the file and its folder."};
    case ENOSPC:
    case EDQUOT:
      return {"disk.full", message + "the disk is full", "Free some space, or choose a folder on another disk."};
    default:
      return {otherwise, message + std::strerror(number), {}};
  }
}

}  // namespace hone
